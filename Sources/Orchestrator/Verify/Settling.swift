import AWS
import EventSourcing
import EventStore
import Synchronization

/// Brings the candidate's events and both sides' projections up to date with what was committed before.
actor Settling {
    private let view: StackView
    private let live: ReleaseRecord
    private let candidate: ReleaseRecord
    /// What the last run couldn't bring there.
    private(set) var stopped = StoppedStreams()

    init(_ view: StackView, _ live: ReleaseRecord, _ candidate: ReleaseRecord) {
        self.view = view
        self.live = live
        self.candidate = candidate
    }

    /// Carries what is waiting into the candidate. Returns what can't be.
    func replicate() async throws -> StoppedStreams {
        var stopped = StoppedStreams()
        guard candidate.counterpart == live.release, try await view.ledger.heads().contains(where: { $0.outbox == candidate.release })
        else { return stopped }
        let swept = try await Sweeper(cloud: view.cloud, function: candidate.names.function("replicator")).run(view.shards.all)
        for (stream, reason) in swept.failures.sorted(by: { $0.key < $1.key }) {
            stopped.stop(stream, at: .replication(into: candidate.release), because: reason)
        }
        return stopped
    }

    /// What was committed before is in the documents of both sides when it returns, but for what it returns.
    @discardableResult
    func run() async throws -> StoppedStreams {
        var found = try await replicate()
        for record in [live, candidate] {
            let consumers = try await record.projectorConsumers(in: view.cloud)
            let faulty = Mutex(StoppedStreams())
            _ = try await StreamAudit(cloud: view.cloud, names: record.names, consumers: consumers).hintLate(
                onFaults: { consumer, faults in
                    let place = StoppedStreams.Place.projector(readModel: consumer.readModel, release: record.release)
                    faulty.withLock { all in
                        for fault in faults { all.stop(fault.aggregateId, at: place, because: fault.error) }
                    }
                })
            found.add(faulty.withLock { $0 })
        }
        stopped = found
        return found
    }
}
