import Synchronization
import Traffic

/// Follows what the tool says of a handover: has more written around its seal, so that a pause shows, and notes where it began and ended.
final class HandoverWatch: Sendable {
    private struct State {
        var sealed: Double?
        var flipped: Double?
        var seals = 0
        var resumed = false
        var hasPulse = false
    }
    private let state = Mutex(State())
    private let traffic: Traffic

    init(_ traffic: Traffic) { self.traffic = traffic }

    func saw(_ sign: ToolRunner.Sign) async {
        switch sign {
        case .line(let line): told(line)
        case .ended: await endPulse(after: .zero)
        }
    }

    private func told(_ line: String) {
        let now = traffic.now
        let startsPulse = state.withLock { state in
            let resumes = line.contains("going on with cutover") || line.contains("going on with rollback")
            if line.hasPrefix("seal:") {
                state.seals += 1
                if state.sealed == nil { state.sealed = now }
            }
            if line.hasPrefix("flip:") { state.flipped = now }
            if resumes { state.resumed = true }
            let starts = !state.hasPulse && (line.hasPrefix("guardrails:") || resumes)
            if starts { state.hasPulse = true }
            return starts
        }
        // Each keeps a Lambda environment busy, which here is a process on the same cores: more would measure themselves.
        if startsPulse { traffic.startPulse(writers: traffic.watchedShards) }
    }

    /// The writes go on past what is measured, then end.
    func endPulse(after margin: Duration) async {
        guard state.withLock(\.hasPulse) else { return }
        try? await Task.sleep(for: margin)
        await traffic.endPulses()
        state.withLock { $0.hasPulse = false }
    }

    /// From the beginning of the first seal to the flip; nil where no handover was seen.
    var window: ClosedRange<Double>? {
        state.withLock { state in
            guard let sealed = state.sealed, let flipped = state.flipped, sealed <= flipped else { return nil }
            return sealed...flipped
        }
    }

    /// Whether the tool was killed or gave up between seal and flip.
    var wasInterrupted: Bool { state.withLock { $0.seals != 1 || $0.resumed } }
}
