import AWS
import Orchestrator
import Synchronization
import Traffic

/// More writes around a handover than the clients send, so that a pause shows in each gap, and at least a hundred are tried.
final class HandoverPulse: Sendable {
    /// From a second before the seal to the end. Each write that waits keeps a Lambda environment busy, which here is a process
    /// that shares two cores with the handover: a higher rate would measure itself.
    private static let steady = (rate: 20.0, limit: 120)
    /// Sent between the seal and half a second after the promotion, at the least.
    private static let tried = 105
    /// Environments that are warm on both sides. On AWS they start on other machines; here they would take the handover's two cores.
    private static let warm = 12

    private let traffic: Traffic
    private let cloud: Cloud
    private let sentBefore = Mutex<Int?>(nil)

    init(traffic: Traffic, cloud: Cloud) {
        self.traffic = traffic
        self.cloud = cloud
    }

    /// All guardrails hold: the seal is about to come.
    func begin(_ intent: HandoverCommand.Intent) async throws {
        let probe = Array("{\"immutable\":{\"probe\":true,\"holdMilliseconds\":500}}".utf8)
        await withTaskGroup(of: Void.self) { group in
            for function in [intent.from, intent.to].map({ "\(intent.stack)-\($0)-place-order" }) {
                for _ in 0..<Self.warm {
                    // One that stays cold only costs time.
                    group.addTask { [cloud] in _ = try? await cloud.lambda.invoke(function, payload: probe) }
                }
            }
        }
        traffic.startPulse(rate: Self.steady.rate, limit: Self.steady.limit)
        try await Task.sleep(for: .seconds(1))
    }

    /// The handover's steps as they begin.
    func follow(_ progress: Progress) {
        switch progress {
        case .step("seal", _):
            sentBefore.withLock { $0 = traffic.writesSent }
        case .step("flip", _):
            guard let before = sentBefore.withLock({ $0 }) else { return }
            let missing = Self.tried - (traffic.writesSent - before)
            // Within the half second that still counts.
            traffic.startPulse(rate: Double(max(1, missing)) / 0.4, limit: missing)
        default: break
        }
    }

    /// The writes go on past what is measured, then end.
    func end() async throws {
        try await Task.sleep(for: .seconds(0.7))
        await traffic.endPulses()
    }
}
