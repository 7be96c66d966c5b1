import AWS
import EventSourcing
import EventStore
import Foundation

/// Fills a stack's first release from a file. Ids and versions derive from the file alone, so a rerun writes the same bytes.
public struct HistoryImport: Sendable {
    let cloud: Cloud
    let record: ReleaseRecord
    let file: HistoryFile
    /// Checked where checkpoints are removed.
    let fence: Write
    let sink: ProgressSink

    public struct Result: Sendable, Hashable {
        public var events = 0
        public var streams = 0
        /// Line number and reason of the first 1,000 lines that were refused.
        public var refused: [Refusal] = []
        public var refusedLines = 0
        /// Events whose time is before that of the event before them in their stream. They are kept.
        public var backwards = 0
        public var seconds = 0.0
    }

    public struct Refusal: Sendable, Hashable, Codable {
        public var line: Int
        public var reason: String
    }

    private static let batch = 500
    private static let refusalsKept = 1_000

    /// Throws ``TotalsDiffer`` where the store doesn't hold what the file has.
    func run() async throws -> Result {
        let start = ContinuousClock.now
        let shards = ShardMap(count: record.manifest.eventStore.ledgerShards)
        var numbering = HistoryNumbering(fileDigest: try await file.digest())
        var result = Result()
        var meant = Array(repeating: Totals.zero, count: shards.count)
        var waiting: [Item] = []
        var reader = try file.reader()
        while let line = try reader.next() {
            switch line {
            case .refused(let number, let reason):
                result.refusedLines += 1
                if result.refused.count < Self.refusalsKept { result.refused.append(Refusal(line: number, reason: reason)) }
            case .event(let line):
                let event = numbering.number(line)
                meant[shards.shard(of: event.aggregateId)].add(event)
                result.events += 1
                waiting.append(event.item)
                if waiting.count >= Self.batch {
                    try await write(&waiting)
                    sink(.count("events imported", done: result.events, total: 0))
                }
            }
        }
        try await write(&waiting)
        result.streams = numbering.streams
        result.backwards = numbering.backwards
        // Measured from the beginning, and anew by the pass that feeds the projectors.
        let proof = ProofPass(record, in: cloud, projectors: [])
        try await proof.forget(fence)
        let measured = try await proof.run(expected: result.events)
        try await proof.forget(fence)
        let differing = shards.all.compactMap { shard -> ShardProof? in
            let proof = ShardProof(shard: shard, owner: meant[shard], replicated: measured[shard])
            return proof.holds ? nil : proof
        }
        guard differing.isEmpty else { throw TotalsDiffer(what: "the imported store holds", proofs: differing) }
        result.seconds = (ContinuousClock.now - start) / .seconds(1)
        return result
    }

    private func write(_ items: inout [Item]) async throws {
        try await cloud.dynamo.batchPut(record.names.events, items)
        items = []
    }
}
