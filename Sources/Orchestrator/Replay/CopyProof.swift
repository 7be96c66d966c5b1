import EventSourcing
import EventStore
import Foundation

/// Proves a candidate's copy: what its store holds must be what the first pass meant to write, on every shard.
///
/// Where it isn't, what differs is found and written again, and everything is projected and counted anew, a few times at most. What stays
/// different is named, and stops the deployment.
struct CopyProof: Sendable {
    let view: StackView
    let candidate: ReleaseRecord
    let firstPass: FirstPass
    let lock: StackLock
    let sink: ProgressSink

    private static let repairs = 2

    /// - Parameter copying: the seconds that the first pass took.
    func run(after copying: Double) async throws -> ReplayProof {
        let start = ContinuousClock.now
        let checkpoints = try await firstPass.checkpoints()
        let meant = ShardProgress.targetTotals(Array(FirstPass.sum(checkpoints).values), count: view.shards.count)
        let measured = try await measure(against: meant)
        return ReplayProof(
            events: measured.reduce(0) { $0 + $1.events }, seconds: copying + (ContinuousClock.now - start) / .seconds(1), totals: measured,
            proven: checkpoints.reduce(0) { $0 + $1.proven },
            unproven: checkpoints.reduce(into: [:]) { $0.merge($1.unproven, uniquingKeysWith: +) },
            isReversible: candidate.manifest.transform?.reversible ?? true, quarantine: try await firstPass.quarantine())
    }

    private func measure(against meant: [Totals]) async throws -> [Totals] {
        let proofPass = ProofPass(candidate, from: firstPass.source, in: view, options: firstPass.options, sink: sink)
        let reset = ProjectionReset(view: view, candidate: candidate, lock: lock)
        try await reset.finish()
        var repaired: [String] = []
        var repairs = 0
        while true {
            let measured = try await proofPass.run(expected: meant.reduce(0) { $0 + $1.events })
            let differing = view.shards.all.compactMap { shard -> ShardProof? in
                let proof = ShardProof(shard: shard, owner: meant[shard], replicated: measured[shard])
                return proof.holds ? nil : proof
            }
            if differing.isEmpty { return measured }
            try await proofPass.forget(lock.fence)
            guard repairs < Self.repairs else {
                // They took in what is wrong, and are made anew once it is gone.
                try await reset.begin()
                throw CopyDiffers(
                    release: candidate.release, proofs: differing, repaired: repaired,
                    foreign: try await ForeignEvents(view: view, candidate: candidate).find(on: Set(differing.map(\.shard))))
            }
            repairs += 1
            sink(
                .note(
                    "\(differing.count) shards hold other events than were copied: \(differing.prefix(8).map(\.summary).joined(separator: "; "))"
                ))
            // Before anything is mended: whoever goes on after a kill finds right events and must know that their projections may be wrong.
            try await reset.begin()
            let found = try await RepairPass(cloud: view.cloud, candidate: candidate, maxWriteUnits: firstPass.options.maxWriteUnits)
                .run(Set(differing.map(\.shard)))
            repaired += found.positions
            sink(.note(found.events == 0 ? "nothing that was copied is missing or changed there" : "written again: \(found.summary)"))
            try await reset.finish()
            sink(.note("the read models are emptied, and made anew"))
        }
    }
}

/// A candidate that doesn't hold what was copied into it, although that was written again.
public struct CopyDiffers: Error, Sendable, CustomStringConvertible {
    public var release: String
    public var proofs: [ShardProof]
    /// `aggregateId@version` of events that were written again.
    public var repaired: [String]
    /// Of events that no replay wrote.
    public var foreign: [String]

    public var description: String {
        func list(_ all: [String]) -> String { all.prefix(8).joined(separator: ", ") + (all.count > 8 ? " and \(all.count - 8) more" : "") }
        var lines = ["\(release) holds other events than were copied into it, in \(proofs.count) shard\(proofs.count == 1 ? "" : "s"):"]
        lines += proofs.prefix(8).map { "  \($0.summary)" }
        if !foreign.isEmpty { lines.append("  events that no replay wrote: \(list(foreign))") }
        if !repaired.isEmpty { lines.append("  missing or changed, and written again: \(list(repaired))") }
        lines.append(
            "Something else writes to \(release)'s events table. The live release is untouched. hint: find the writer, then `immutable abort` and deploy again"
        )
        return lines.joined(separator: "\n")
    }
}
