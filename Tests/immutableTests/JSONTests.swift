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

    @Test func `plan's JSON tells what a rollback would find, of the sources' own candidate alone`() throws {
        var report = PlanReport(
            stack: "orders", region: "r", account: "a", release: "r2", live: "r1", changes: [], resources: [:], events: 1,
            transform: "identity", problems: [], warnings: [])
        report.wayBack = Sample.wayBack
        report.wayBack?.unreadable = [.init(type: "OrderNoted", schema: 1, reason: "r1 has no such event type")]
        func way(_ candidate: CandidateState) throws -> [String: Any]? {
            let answer = PlanAnswer(report: report, candidate: candidate, artifact: Sample.artifact, directory: "x")
            return try object(answer)["wayBack"] as? [String: Any]
        }
        let ready = try #require(try way(.ready))
        #expect(ready["isReversible"] as? Bool == true)
        #expect(ready["proven"] as? Int == 1_204)
        #expect((ready["unproven"] as? [String: Int])?.isEmpty == true)
        #expect((ready["unreadable"] as? [[String: Any]])?.first?["type"] as? String == "OrderNoted")
        let other = try #require(try way(.other))
        #expect(other["proven"] == nil && other["unreadable"] != nil)
        #expect(try way(.live) == nil)
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
