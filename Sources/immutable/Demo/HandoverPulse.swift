import AWS
import Orchestrator
import Synchronization
import Traffic

/// More writes around a handover than the clients send, so that a pause shows in each gap, and at least a hundred are tried.
final class HandoverPulse: Sendable {
    /// Each sends some seven writes a second to its shard: together they send about as much as the clients, and one to each watched shard at the
    /// least. Each keeps a Lambda environment busy, which here is a process that shares the machine's cores with the handover: more would measure themselves.
    private let writers: Int
    /// How long they write before the seal and after the flip, at the least.
    private static let margin: Duration = .seconds(1.5)
    private static let tried = 100

    private let traffic: Traffic
    private let cloud: Cloud
    private let clients: Int
    private let sentBefore = Mutex(0)

    init(traffic: Traffic, cloud: Cloud, clients: Int, rate: Int) {
        writers = min(8, max(traffic.watchedShards, rate / 7))
        self.traffic = traffic
        self.cloud = cloud
        self.clients = clients
    }

    /// All guardrails hold: the seal is about to come. On AWS environments start on other machines; here they would take the handover's cores.
    func begin(_ intent: HandoverCommand.Intent) async throws {
        let probe = Array("{\"immutable\":{\"probe\":true,\"holdMilliseconds\":300}}".utf8)
        await withTaskGroup(of: Void.self) { group in
            for function in [intent.from, intent.to].map({ "\(intent.stack)-\($0)-place-order" }) {
                for _ in 0..<(writers + clients / 2) {
                    // One that stays cold only costs time.
                    group.addTask { [cloud] in _ = try? await cloud.lambda.invoke(function, payload: probe) }
                }
            }
        }
        sentBefore.withLock { $0 = traffic.writesSent }
        traffic.startPulse(writers: writers)
        try await Task.sleep(for: Self.margin)
    }

    /// The writes go on past what is measured, then end.
    func end() async throws {
        try await Task.sleep(for: Self.margin)
        let before = sentBefore.withLock { $0 }
        let deadline = ContinuousClock.now + .seconds(10)
        while traffic.writesSent - before < Self.tried, ContinuousClock.now < deadline {
            try await Task.sleep(for: .milliseconds(20))
        }
        await traffic.endPulses()
    }
}
