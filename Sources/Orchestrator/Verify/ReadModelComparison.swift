import AWS
import EventSourcing
import EventStore

/// Compares one read model of two releases, document by document.
///
/// Both sides are scanned in parallel segments; each page asks for the other side's documents of the same ids. Memory: a page (at most 1 MB)
/// of each side per segment, and the ids of what differs.
struct ReadModelComparison: Sendable {
    typealias Fields = DocumentDiff.Fields
    /// What is expected of the candidate's documents, by id, given the live ones. Those that are left out are expected to be absent.
    typealias Mapping = @Sendable ([String: Fields]) async throws -> [String: Fields]

    let dynamo: any ItemStore
    let name: String
    let live: String
    let candidate: String
    let diff: DocumentDiff
    /// `nil`: the live documents themselves.
    let mapping: Mapping?
    let sink: ProgressSink

    private static let segments = 4

    struct FirstLook: Sendable {
        /// Documents that either side has.
        var total = 0
        var suspects: [String] = []
    }

    /// Reads both sides once. What differs is suspect only: live traffic makes differences that pass.
    func firstLook() async throws -> FirstLook {
        let counter = Counter()
        return try await withThrowingTaskGroup(of: FirstLook.self) { group in
            for segment in 0..<Self.segments {
                group.addTask { try await liveSide(segment, counter) }
                group.addTask { try await candidateOnly(segment, counter) }
            }
            return try await group.reduce(into: FirstLook()) {
                $0.total += $1.total
                $0.suspects += $1.suspects
            }
        }
    }

    /// One document on both sides, read at about the same time.
    struct Sighting: Sendable, Hashable {
        /// What is expected of the candidate's, given the live one; `nil`: no document.
        var expected: Fields?
        var candidate: Fields?
        var livePosition: ParityReport.Position?
        var candidatePosition: ParityReport.Position?
    }

    /// The documents among `ids` as they are now, absent ones included.
    func sight(_ ids: [String]) async throws -> [String: Sighting] {
        var found: [String: Sighting] = [:]
        for some in ids.chunks(of: 1_000) {
            async let left = documents(live, some)
            async let right = documents(candidate, some)
            let (a, b) = (try await left, try await right)
            let expected = try await expected(a.mapValues(\.fields))
            for id in some {
                found[id] = Sighting(
                    expected: expected[id], candidate: b[id]?.fields, livePosition: a[id]?.position, candidatePosition: b[id]?.position)
            }
        }
        return found
    }

    private func liveSide(_ segment: Int, _ counter: Counter) async throws -> FirstLook {
        var found = FirstLook()
        var request = DynamoDB.ScanRequest(table: live, segment: segment, totalSegments: Self.segments)
        repeat {
            let page = try await dynamo.scan(request)
            let mine = Self.byId(page.items)
            async let others = documents(candidate, Array(mine.keys))
            let (expected, theirs) = (try await expected(mine.mapValues(\.fields)), try await others)
            for id in mine.keys where !diff.differences(id, live: expected[id], candidate: theirs[id]?.fields).isEmpty {
                found.suspects.append(id)
            }
            found.total += mine.count
            sink(.count("documents of \(name)", done: await counter.add(mine.count), total: 0))
            request.startKey = page.lastKey
        } while request.startKey != nil
        return found
    }

    /// What only the candidate has.
    private func candidateOnly(_ segment: Int, _ counter: Counter) async throws -> FirstLook {
        var found = FirstLook()
        var request = DynamoDB.ScanRequest(table: candidate, segment: segment, totalSegments: Self.segments, attributes: ["id"])
        repeat {
            let page = try await dynamo.scan(request)
            let ids = page.items.compactMap { $0["id"]?.string }
            let known = Set(try await dynamo.batchGet(live, keys: ids.map { ["id": .s($0)] }).compactMap { $0["id"]?.string })
            let alone = ids.filter { !known.contains($0) }
            found.total += alone.count
            found.suspects += alone
            request.startKey = page.lastKey
        } while request.startKey != nil
        return found
    }

    private func expected(_ documents: [String: Fields]) async throws -> [String: Fields] {
        guard let mapping, !documents.isEmpty else { return documents }
        return try await mapping(documents)
    }

    private struct Document {
        var fields: Fields
        var position: ParityReport.Position
    }

    private func documents(_ table: String, _ ids: [String]) async throws -> [String: Document] {
        Self.byId(try await dynamo.batchGet(table, keys: ids.map { ["id": .s($0)] }))
    }

    /// Attributes that begin with `_` are ours and no part of the document.
    private static func byId(_ items: [Item]) -> [String: Document] {
        Dictionary(
            items.compactMap { item in
                item["id"]?.string.map { id in
                    (
                        id,
                        Document(
                            fields: item.filter { !$0.key.hasPrefix("_") }.mapValues(Value.init(attribute:)),
                            position: .init(revision: item["_revision"]?.int ?? 0, event: item["_event"]?.string))
                    )
                }
            }, uniquingKeysWith: { first, _ in first })
    }

    private actor Counter {
        private var count = 0

        func add(_ more: Int) -> Int {
            count += more
            return count
        }
    }
}
