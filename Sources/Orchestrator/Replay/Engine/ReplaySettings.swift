import AWS
import EventSourcing
import EventStore
import StackDescription

/// How a release is filled: fixed when its deployment begins, as checkpoints name their segment and how many there are.
public struct ReplaySettings: Sendable, Hashable, Codable {
    public var engine: ReplayEngine
    /// The parts of the live events table that are scanned each by itself.
    public var segments: Int
    /// Workers at a time.
    public var width: Int

    static let direct = ReplaySettings(engine: .direct, segments: SegmentWorkers.usualSegments, width: SegmentWorkers.usualSegments)

    /// One segment for so many bytes of events; DynamoDB recommends one for each 2 GB at least.
    private static let segmentBytes = 1 << 30
    /// All orders of an execution fit its input's 256 KiB, and all checkpoints of a pass can be looked at in seconds.
    private static let mostSegments = 1_000
    /// A table takes 40,000 write units a second unless a quota is raised; so many workers fill that.
    private static let widest = 40

    /// - Parameters:
    ///   - bytes: of the live events table.
    ///   - invocations: of the replay function, as many as may run at a time.
    static func choose(_ engine: ReplayEngine, bytes: Int, invocations: Int) -> ReplaySettings {
        guard engine == .stepFunctions else { return .direct }
        let segments = min(max(direct.segments, (bytes + segmentBytes - 1) / segmentBytes), mostSegments)
        return ReplaySettings(engine: engine, segments: segments, width: min(segments, widest, max(1, invocations)))
    }
}

extension ReleaseRecord {
    /// Records of earlier versions have none.
    var replaySettings: ReplaySettings { replay ?? .direct }

    func runner(
        of pass: ReplayOrder.Pass, in cloud: Cloud, source: String, options: ReplayOptions, sink: @escaping ProgressSink
    ) -> any SegmentRunner {
        switch replaySettings.engine {
        case .direct:
            SegmentWorkers(
                cloud: cloud, function: names.function("replay"), segments: replaySettings.segments, pass: pass, options: options)
        case .stepFunctions:
            StateMachineRunner(cloud: cloud, candidate: self, source: source, pass: pass, options: options, sink: sink)
        }
    }
}

extension StackView {
    /// How `next` would be filled; `nil` where no release is live.
    func replaySettings(_ engine: ReplayEngine, for next: Stack) async throws -> ReplaySettings? {
        guard let live else { return nil }
        guard engine == .stepFunctions else { return .direct }
        let invocations: Int
        if let concurrency = next.functions.concurrency {
            invocations = concurrency
        } else {
            // The live release's functions share it: most of it is theirs. In the second pass each worker waits for a call of each projector.
            invocations = try await cloud.lambda.accountConcurrencyLimit().unreserved / 4 / (1 + next.readModels.count)
        }
        return .choose(engine, bytes: try await StoreSize.measure(self, live).bytes, invocations: invocations)
    }
}

/// A deployment that goes on with another engine than it began with.
public struct OtherEngine: Error, Sendable, CustomStringConvertible {
    public var record: ReleaseRecord
    public var asked: ReplayEngine

    public var description: String {
        """
        \(record.release) is being filled by the engine '\(record.replaySettings.engine.rawValue)', not by '\(asked.rawValue)'.
        hint: leave --engine out to go on with it; to change it, `immutable abort \(record.stack)`, then deploy again
        """
    }
}
