import AWS
import EventSourcing

/// Replicates one shard's backlog, as many streams in a transaction as fit: every transaction of a shard adds to the same progress item, and
/// the drain of a handover waits for the last of them.
struct ShardSweep: Sendable {
    let replicator: StreamReplicator
    /// Whether each stream is taken by itself where several can't be together.
    let isLast: Bool

    struct Outcome: Sendable {
        var result = OutboxSweep.Result()
        /// Another replicator was faster or in the way, so that the backlog must be read again.
        var isContended = false
    }

    /// Streams read side by side for one transaction.
    private static let streamsAtATime = 16

    func run(_ backlog: ShardBacklog) async throws -> Outcome {
        var outcome = Outcome()
        var alone: [StreamBacklog] = []
        let width = replicator.takesManyStreams ? Self.streamsAtATime : 1
        for start in stride(from: 0, to: backlog.streams.count, by: width) {
            let prepared = try await prepare(backlog.streams[start..<min(start + width, backlog.streams.count)])
            alone += prepared.faulty
            for parts in TailCommit.packed(prepared.parts) {
                if try await replicator.commitTogether(parts, of: backlog.shard) {
                    outcome.result.events += parts.reduce(0) { $0 + $1.batch.events }
                    alone += parts.compactMap(\.rest)
                } else if isLast {
                    // One of them is in the way of all: each for itself tells which.
                    alone += parts.map(\.backlog)
                } else {
                    outcome.isContended = true
                }
            }
        }
        for stream in alone {
            do {
                outcome.result.events += try await replicator.replicate(stream.aggregateId, entries: stream.entries)
            } catch let fault as any StreamFault {
                outcome.result.failures[stream.aggregateId] = "\(fault)"
                outcome.result.stoppedAt[stream.aggregateId] = fault.event
            }
        }
        return outcome
    }

    private enum Prepared: Sendable {
        case part(TailPart)
        case nothing
        /// Can't be read or converted.
        case faulty(StreamBacklog)
    }

    /// What the next transaction can carry of each stream, and the streams that it can't.
    private func prepare(_ streams: some Sequence<StreamBacklog>) async throws -> (parts: [TailPart], faulty: [StreamBacklog]) {
        try await withThrowingTaskGroup(of: (Int, Prepared).self) { group in
            for (index, stream) in streams.enumerated() {
                group.addTask {
                    do {
                        // Apart from the tuple: decision 0024.
                        let part = try await replicator.prepare(stream)
                        return (index, part.map(Prepared.part) ?? .nothing)
                    } catch is any StreamFault {
                        return (index, .faulty(stream))
                    }
                }
            }
            var (parts, faulty): ([TailPart], [StreamBacklog]) = ([], [])
            let all = try await group.reduce(into: []) { $0.append($1) }
            for (_, prepared) in all.sorted(by: { $0.0 < $1.0 }) {
                switch prepared {
                case .part(let part): parts.append(part)
                case .nothing: break
                case .faulty(let stream): faulty.append(stream)
                }
            }
            return (parts, faulty)
        }
    }
}
