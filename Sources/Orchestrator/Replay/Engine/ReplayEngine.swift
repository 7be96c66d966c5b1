import AWS
import EventStore

/// Who calls the workers of a replay until each segment is finished.
public enum ReplayEngine: String, Sendable, Codable, CaseIterable {
    /// The process that deploys: needs no further resources, and has to stay.
    case direct
    /// A state machine of AWS Step Functions: the process that deploys only looks on.
    case stepFunctions = "step-functions"
}

/// Brings every segment of a pass to its end. Run again, it goes on from the checkpoints.
protocol SegmentRunner: Sendable {
    /// `report` gets what the segments' workers answer, as it comes.
    func run(_ report: @escaping @Sendable (_ segment: Int, ReplayAnswer) -> Void) async throws
}

extension ReplayOrder.Pass {
    private func checkpointKey(of source: String, segment: Int, of total: Int) -> String {
        switch self {
        case .copy: CursorKey.replay(of: source, segment: segment, of: total)
        case .merge: CursorKey.merge(of: source, segment: segment, of: total)
        case .prove: CursorKey.proof(of: source, segment: segment, of: total)
        }
    }

    /// Of its checkpoints in the candidate's cursors table, by segment.
    func checkpointKeys(of source: String, total: Int) -> [Item] {
        (0..<total).map { ["consumer": .s(checkpointKey(of: source, segment: $0, of: total))] }
    }

    /// Those that exist, by segment.
    func checkpoints(of source: String, total: Int, in cursors: String, _ dynamo: DynamoDB) async throws -> [Int: ReplayCheckpoint] {
        let segments = Dictionary(uniqueKeysWithValues: checkpointKeys(of: source, total: total).enumerated().map { ($1, $0) })
        return try await dynamo.batchGet(cursors, keys: Array(segments.keys)).reduce(into: [:]) { found, item in
            guard let segment = segments[item.filter { $0.key == "consumer" }] else { return }
            found[segment] = ReplayCheckpoint(item: item)
        }
    }
}
