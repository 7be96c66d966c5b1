import EventSourcing
#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Whoever meets a seal: waits, or finishes or ends the handover by its record alone. A crashed orchestrator costs seconds, never a stuck system.
public struct Participant: Sendable {
    public let ledger: Ledger
    public let handovers: HandoverStore

    public init(ledger: Ledger, handovers: HandoverStore) {
        self.ledger = ledger
        self.handovers = handovers
    }

    /// One step about the seal on `head`, met for `waited` seconds by now. Returns whether it is worth looking again at once.
    public func step(_ head: Head, waited: TimeInterval = 0) async throws -> Bool {
        guard let mark = head.handover else { return true }
        var record = try await handovers.record(mark.id)
        while true {
            switch ParticipantStep.next(for: mark, record: record, now: ledger.dynamo.clock.now(), waited: waited) {
            case .wait:
                return false
            case .promote:
                if let record { try await ledger.promote(head.shard, by: record) }
                return true
            case .unseal:
                try await ledger.unseal(head)
                return true
            case .abort:
                guard let open = record else { return true }
                let ended = try await handovers.abort(open, because: "its deadline passed undecided; a request ended it")
                // What became of it is acted on at once: each look of a waiting request costs the time that writes are stopped.
                if ended.state == .sealing { return true }
                record = ended
            }
        }
    }
}
