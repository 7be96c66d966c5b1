import AWS
import EventSourcing
import EventStore

/// Compares one read model of two releases, document by document, with bounded memory.
struct ReadModelComparison: Sendable {
    let dynamo: any ItemStore
    let name: String
    let live: String
    let candidate: String
    let ignoring: Set<String>
    let sink: ProgressSink

    private static let segments = 2
    /// More documents than this that differ at first sight are no lag: they are listed up to here, and counted.
    private static let suspectLimit = 20_000

    struct FirstLook: Sendable {
        /// Documents that either side has.
        var total = 0
        var suspects: [String] = []
    }

    /// Reads both sides once. What differs is suspect only: live traffic makes differences that pass.
    func firstLook() async throws -> FirstLook {
        try await withThrowingTaskGroup(of: FirstLook.self) { group in
            for segment in 0..<Self.segments {
                group.addTask { try await liveSide(segment) }
                group.addTask { try await candidateOnly(segment) }
            }
            var all = FirstLook()
            for try await part in group {
                all.total += part.total
                all.suspects += part.suspects.prefix(Self.suspectLimit - all.suspects.count)
            }
            return all
        }
    }

    /// The documents among `ids` that differ now, with their differences and both sides' revisions.
    func look(again ids: [String]) async throws -> [String: Suspect] {
        let keys: [Item] = ids.map { ["id": .s($0)] }
        async let left = dynamo.batchGet(live, keys: keys)
        async let right = dynamo.batchGet(candidate, keys: keys)
        let (a, b) = (Self.byId(try await left), Self.byId(try await right))
        var differing: [String: Suspect] = [:]
        for id in ids {
            let differences = DocumentDiff.differences(id, live: a[id], candidate: b[id], ignoring: ignoring)
            if differences.isEmpty { continue }
            differing[id] = Suspect(
                differences: differences, revisions: [a[id]?["_revision"]?.int ?? 0, b[id]?["_revision"]?.int ?? 0])
        }
        return differing
    }

    struct Suspect: Sendable, Hashable {
        var differences: [ParityReport.Difference]
        var revisions: [Int]
    }

    private func liveSide(_ segment: Int) async throws -> FirstLook {
        var found = FirstLook()
        var startKey: Item?
        repeat {
            let page = try await dynamo.scan(
                DynamoDB.ScanRequest(table: live, segment: segment, totalSegments: Self.segments, startKey: startKey))
            let ids = page.items.compactMap { $0["id"]?.string }
            let others = Self.byId(try await dynamo.batchGet(candidate, keys: ids.map { ["id": .s($0)] }))
            for item in page.items {
                guard let id = item["id"]?.string else { continue }
                found.total += 1
                if !DocumentDiff.differences(id, live: item, candidate: others[id], ignoring: ignoring).isEmpty {
                    found.suspects.append(id)
                }
            }
            sink(.count("documents of \(name)", done: found.total, total: 0))
            startKey = page.lastKey
        } while startKey != nil && found.suspects.count < Self.suspectLimit
        return found
    }

    /// What only the candidate has.
    private func candidateOnly(_ segment: Int) async throws -> FirstLook {
        var found = FirstLook()
        var startKey: Item?
        repeat {
            let page = try await dynamo.scan(
                DynamoDB.ScanRequest(
                    table: candidate, segment: segment, totalSegments: Self.segments, attributes: ["id"], startKey: startKey))
            let ids = page.items.compactMap { $0["id"]?.string }
            let known = Set(try await dynamo.batchGet(live, keys: ids.map { ["id": .s($0)] }).compactMap { $0["id"]?.string })
            let alone = ids.filter { !known.contains($0) }
            found.total += alone.count
            found.suspects += alone
            startKey = page.lastKey
        } while startKey != nil && found.suspects.count < Self.suspectLimit
        return found
    }

    private static func byId(_ items: [Item]) -> [String: Item] {
        Dictionary(items.compactMap { item in item["id"]?.string.map { ($0, item) } }, uniquingKeysWith: { first, _ in first })
    }
}
