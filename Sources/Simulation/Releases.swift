import AWS
import EventSourcing
import EventStore
import Orchestrator
import StackDescription

/// The releases' records, without their manifests: those play no part in a handover.
enum Releases {
    static func read(_ store: any ItemStore) async throws -> [String: ReleaseRecord] {
        let items = try await store.queryAll(
            DynamoDB.QueryRequest(
                table: StackNames.control, keyCondition: "#stack = :stack AND begins_with(#item, :prefix)",
                values: [":stack": .s(World.names.stack), ":prefix": "release#"]))
        var records: [String: ReleaseRecord] = [:]
        for item in items {
            guard let name = item["item"]?.string?.dropFirst("release#".count),
                let state = item["state"]?.string.flatMap(ReleaseRecord.State.init(rawValue:)),
                let phase = item["phase"]?.string.flatMap(DeploymentPhase.init(rawValue:))
            else { continue }
            records[String(name)] = record(String(name), state, phase)
        }
        return records
    }

    static func item(_ release: String, _ state: ReleaseRecord.State, _ phase: DeploymentPhase) -> Item {
        [
            "stack": .s(World.names.stack), "item": .s("release#\(release)"), "state": .s(state.rawValue), "phase": .s(phase.rawValue),
        ]
    }

    private static func record(_ release: String, _ state: ReleaseRecord.State, _ phase: DeploymentPhase) -> ReleaseRecord {
        ReleaseRecord(
            stack: World.names.stack, release: release, state: state, phase: phase, manifest: manifest, fingerprint: "", artifact: "",
            createdAt: "")
    }

    private static let manifest = Stack(
        "s", functions: .swiftProduct("Functions"), api: .http(domain: "s.example", stage: "live"),
        commands: [.command("Add", on: .post("/add"))])
}
