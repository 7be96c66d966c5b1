import Foundation
import Testing

@testable import Orchestrator
@testable import immutable

@Suite struct JSONTests {
    private func object(_ value: some Encodable) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(try OutputFormat.json(value).utf8)) as? [String: Any])
    }

    @Test func `verify's JSON has the documented keys`() throws {
        let json = try object(Sample.parity(.mismatched))
        #expect(json["verdict"] as? String == "mismatched")
        #expect(json["coverage"] as? Double == 1)
        let model = try #require((json["readModels"] as? [[String: Any]])?.first)
        #expect(model["name"] as? String == "order-summary")
        #expect(model["documents"] as? Int == 300)
        #expect(model["verdict"] as? String == "mismatched")
        let difference = try #require((model["differences"] as? [[String: String]])?.first)
        #expect(difference == ["document": "o-17", "field": "total", "live": "40", "candidate": "41"])
    }

    @Test func `a handover that its guardrails refuse, or that differs, ends with an object as well`() throws {
        let refused = try #require(UnfinishedHandover(GuardrailsRefuse(guardrails: [Guardrail("outbox", false, "3,000 commits waiting")])))
        #expect(try object(refused)["outcome"] as? String == "refused")
        #expect((try object(refused)["guardrails"] as? [[String: Any]])?.first?["name"] as? String == "outbox")
        let differs = try #require(UnfinishedHandover(ParityDiffers(report: Sample.parity(.mismatched))))
        #expect(try object(differs)["outcome"] as? String == "differs")
        #expect((try object(differs)["parity"] as? [String: Any])?["verdict"] as? String == "mismatched")
        #expect(UnfinishedHandover(CancellationError()) == nil)
    }

    @Test func `plan's JSON has the report's keys and the artifact`() throws {
        let report = PlanReport(
            stack: "orders", region: "r", account: "a", release: "r1", live: nil, changes: [], resources: ["table": 3], events: 0,
            transform: "identity", problems: [], warnings: [])
        let json = try object(PlanAnswer(report: report, candidate: .none, artifact: Sample.artifact, directory: "x"))
        #expect(json["stack"] as? String == "orders")
        #expect((json["artifact"] as? [String: Any])?["zippedBytes"] as? Int == 13_900_000)
    }

    @Test func `deploy's JSON tells release, replay and parity`() throws {
        let outcome = DeployCommand.Outcome(
            record: Sample.record(live: "r1", replayed: Sample.proof), parity: Sample.parity(.matched), imported: nil)
        let json = try object(DeployAnswer(outcome, artifact: Sample.artifact))
        #expect(json["release"] as? String == "r2")
        #expect((json["replay"] as? [String: Any])?["events"] as? Int == 1_204)
        #expect((json["parity"] as? [String: Any])?["verdict"] as? String == "matched")
    }
}
