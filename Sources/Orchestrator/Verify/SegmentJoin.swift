import AWS
import EventSourcing

/// Joins one segment of both sides of a read model that are tables.
///
/// A scan divides a table by its keys' hashes, so that a document is mostly in the same segment of both tables. Nothing promises it, and nothing
/// rests on it: what a segment has on one side alone is asked for on the other side by its key.
struct SegmentJoin {
    private let comparison: ReadModelComparison
    private let ours: TableDocuments
    private let others: TableDocuments
    private let segment: Int
    private let segments: Int

    /// Documents that wait for the other side's, by id. `nil`: none is expected.
    private var live: [String: ReadModelComparison.Fields?] = [:]
    private var candidate: [String: ReadModelComparison.Fields] = [:]
    /// Live documents whose other side was asked for by key, and may still come up.
    private var asked: Set<String> = []
    /// Of the last page, in the mean.
    private var documentBytes = 0
    private var waitingBytes: Int { (live.count + candidate.count) * documentBytes }
    private var found = ReadModelComparison.FirstLook()

    /// More than this of what waits is asked for by key before the segment's end.
    private static let limit = 8_000_000
    /// A page of a scan (DynamoDB).
    private static let pageBytes = 1_000_000

    init(comparison: ReadModelComparison, live: TableDocuments, candidate: TableDocuments, segment: Int, of segments: Int) {
        self.comparison = comparison
        ours = live
        others = candidate
        self.segment = segment
        self.segments = segments
    }

    /// `report`: of documents read on the live side.
    mutating func run(_ report: (Int) async -> Void) async throws -> ReadModelComparison.FirstLook {
        var left: DynamoDB.ScanRequest? = .init(table: ours.table, segment: segment, totalSegments: segments)
        var right: DynamoDB.ScanRequest? = .init(table: others.table, segment: segment, totalSegments: segments)
        while left != nil || right != nil {
            let (ourRequest, otherRequest) = (left, right)
            async let mine = Self.page(ourRequest, of: ours.dynamo)
            async let theirs = Self.page(otherRequest, of: others.dynamo)
            let (ourPage, otherPage) = (try await mine, try await theirs)
            if let ourPage {
                try await take(live: ourPage.items)
                await report(ourPage.items.count)
            }
            if let otherPage { take(candidate: otherPage.items) }
            left = next(left, ourPage)
            right = next(right, otherPage)
            if waitingBytes > Self.limit { try await ask() }
        }
        try await ask()
        return found
    }

    private static func page(_ request: DynamoDB.ScanRequest?, of dynamo: any ItemStore) async throws -> DynamoDB.Page? {
        guard let request else { return nil }
        return try await dynamo.scan(request)
    }

    private func next(_ request: DynamoDB.ScanRequest?, _ page: DynamoDB.Page?) -> DynamoDB.ScanRequest? {
        guard var request, let key = page?.lastKey else { return nil }
        request.startKey = key
        return request
    }

    private mutating func take(live items: [Item]) async throws {
        documentBytes = Self.pageBytes / max(1, items.count)
        let documents = TableDocuments.byId(items).mapValues(\.fields)
        let expected = try await comparison.expected(documents)
        found.total += documents.count
        for id in documents.keys {
            if let other = candidate.removeValue(forKey: id) {
                compare(id, expected[id], other)
            } else {
                live.updateValue(expected[id], forKey: id)
            }
        }
    }

    private mutating func take(candidate items: [Item]) {
        documentBytes = Self.pageBytes / max(1, items.count)
        for (id, document) in TableDocuments.byId(items) where asked.remove(id) == nil {
            if let mine = live.removeValue(forKey: id) {
                compare(id, mine, document.fields)
            } else {
                candidate[id] = document.fields
            }
        }
    }

    private mutating func compare(_ id: String, _ live: ReadModelComparison.Fields?, _ candidate: ReadModelComparison.Fields?) {
        // Mostly equal to the last bit: cheaper to tell than what differs.
        if live == candidate { return }
        if !comparison.diff.differences(id, live: live, candidate: candidate).isEmpty { found.suspects.append(id) }
    }

    /// Asks the other side for what one side has alone.
    private mutating func ask() async throws {
        let (mine, theirs) = (live, candidate)
        (live, candidate) = ([:], [:])
        async let there = others.documents(Array(mine.keys))
        async let here = ours.documents(Array(theirs.keys))
        let (known, owned) = (try await there, try await here)
        for (id, fields) in mine {
            compare(id, fields, known[id]?.fields)
            asked.insert(id)
        }
        // What the live side has is compared when it comes up there: in another segment, or later in this one.
        for id in theirs.keys where owned[id] == nil {
            found.total += 1
            found.suspects.append(id)
        }
    }
}
