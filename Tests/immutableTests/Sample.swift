import EventSourcing
import EventStore
import StackDescription

@testable import Orchestrator
@testable import immutable

/// Values that the renderers are tried on.
enum Sample {
    static let stack = Stack(
        "orders", functions: .swiftProduct("OrdersFunctions"), api: .http(domain: "api.orders.example"),
        commands: [.command("PlaceOrder", on: .post("/orders"))], readModels: [.table("order-summary", projectedBy: "OrderSummary")])

    static let artifact = ArtifactSummary(
        Artifact(zip: Array(repeating: 0, count: 13_900_000), runtime: "provided.al2023", kind: "debug", digest: "d"), of: stack.functions)

    static let doubt = EffectList.Doubt(
        reactor: "ConfirmationMailer", eventId: "e-1", position: "o-17@1", type: "OrderPlaced", since: "2026-03-02T12:00:07.000000Z")

    static func parity(_ verdict: ParityReport.Verdict) -> ParityReport {
        var model = ParityReport.ReadModel(
            name: "order-summary", documents: 300, verdict: verdict, differences: [], differing: 0, reason: nil, unchecked: false)
        if verdict == .mismatched {
            model.differences = [.init(document: "o-17", field: "total", live: "40", candidate: "41")]
            model.differing = 1
        }
        if verdict == .inconclusive {
            model.documents = 298
            model.reason = "2 documents kept changing"
        }
        let new = ParityReport.ReadModel(
            name: "revenue-by-day", documents: 0, verdict: .inconclusive, differences: [], differing: 0, reason: "new in r2",
            unchecked: true)
        return ParityReport(stack: "orders", live: "r1", candidate: "r2", readModels: [model, new], total: 300)
    }

    static func record(live: String?, replayed: ReplayProof?) -> ReleaseRecord {
        ReleaseRecord(
            stack: "orders", release: live == nil ? "r1" : "r2", state: live == nil ? .live : .candidate,
            phase: live == nil ? .live : .ready,
            counterpart: live, manifest: stack, fingerprint: "f", artifact: "debug", createdAt: "2026-03-02T12:00:07.000000Z",
            replayed: replayed)
    }

    static let proof = ReplayProof(
        events: 1_204, seconds: 3.14, totals: Array(repeating: .zero, count: 64), proven: 1_204, unproven: [:], isReversible: true)

    static let wayBack: WayBack = {
        var way = WayBack(to: Sample.record(live: nil, replayed: nil), next: nil, transform: nil, proof: Sample.proof)
        way.unreadable = []
        return way
    }()

    static let receipt = Receipt(
        id: "01M85JR24D53NK8AC6D3P2BKS7", kind: "cutover", stack: "orders", from: "r1", to: "r2", at: "2026-03-02T12:01:00.000000Z",
        guardrails: [Guardrail("healthy", true, "13 functions of r2 answer"), waived], parity: .matched, documents: 300,
        fromTotals: Totals(events: 1_204, digest: 1), toTotals: Totals(events: 1_204, digest: 2), pauseMilliseconds: 212.4,
        steps: ["seal": 20.2, "drain": 120, "decide": 7.25, "promote": 65])

    static let waived: Guardrail = {
        var rail = Guardrail("parked", false, "1 parked streams", waivable: true)
        rail.waived = true
        return rail
    }()

    static let status = StatusReport(
        stack: "orders", region: "us-east-1", domain: "api.orders.example", live: "r1", routedTo: "r1",
        releases: [
            .init(name: "r1", state: "live", phase: "live", artifact: "debug", createdAt: "2026-03-02T12:00:07.000000Z"),
            .init(
                name: "r2", state: "candidate", phase: "ready", artifact: "debug", createdAt: "2026-03-02T12:05:00.000000Z",
                replayedEvents: 1_204, parity: "matched"),
        ], events: 1_204, shards: 64, sealedShards: 0, outbox: 0, lastHandover: nil, lock: nil, parked: [], effectsInDoubt: [], orphans: [])
}
