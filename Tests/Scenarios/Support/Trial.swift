import AWS
import EventSourcing
import EventStore
import Foundation
import Testing

/// A stack for tests of the replay: streams of one kind of event, and transforms that its functions offer.
struct Trial {
    let cloud: Cloud
    /// In the order of the streams' names.
    let streams: [String]
    let eventsEach: Int

    static let stack = "trial"

    /// Deploys the first release from a log of `streams` × `eventsEach` events, numbered in each stream from 1.
    static func start(_ cloud: Cloud, streams: Int, eventsEach: Int) async throws -> Trial {
        let trial = Trial(cloud: cloud, streams: (0..<streams).map { "note-\($0 + 10)" }, eventsEach: eventsEach)
        var lines = ["stream,type,at,number"]
        for number in 1...eventsEach {
            for stream in trial.streams { lines.append("\(stream),Noted,2026-03-02T12:00:00Z,\(number)") }
        }
        let log = cloud.scratch.appending(path: "notes.csv")
        try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: log)
        try await cloud.immutable(
            try trial.deployment(nil) + ["--history", Products.path(log), "--aggregate", "stream", "--type", "type", "--time", "at"])
        return trial
    }

    var events: Int { streams.count * eventsEach }

    /// The arguments that deploy the stack with this transform.
    func deployment(_ transform: String?) throws -> [String] {
        let folder = cloud.scratch.appending(path: "trial-\(transform ?? "plain")")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let isReversible = ["Sound", "FailingReverse"].contains(transform)
        let conversion =
            transform.map { "    transform: .copy(\"\($0)\", reversible: \(isReversible || $0 == "Chance" || $0 == "TooLarge")),\n" } ?? ""
        let manifest = """
            // immutable-stack-version: 1
            import StackDescription

            let stack = Stack(
                "\(Self.stack)",
                functions: .swiftProduct("TrialFunctions", memory: .mebibytes(256), timeout: .seconds(25)),
                api: .http(domain: "api.trial.example", stage: "live"),
                commands: [.command("Note", on: .post("/notes/{noteId}"))],
                readModels: [.table("notes", projectedBy: "Notes", serves: [.get("/notes/{noteId}")])],
            \(conversion)    parity: [.readModel("notes", .exact)]
            )

            """
        try Data(manifest.utf8).write(to: folder.appending(path: "Stack.swift"))
        return ["deploy", Products.path(folder), "--products", Products.path(Products.directory)]
    }

    func names(_ release: String) -> ReleaseNames { ReleaseNames(stack: Self.stack, release: release) }

    /// Every event of a release, in the order of streams and versions.
    func contents(_ release: String) async throws -> [StoredEvent] {
        try await cloud.items(names(release).events).map(StoredEvent.init(item:))
            .sorted { ($0.aggregateId, $0.version) < ($1.aggregateId, $1.version) }
    }

    /// What the workers have noted of a release's replay, by segment.
    func checkpoints(_ release: String) async throws -> [String: ReplayCheckpoint] {
        guard try await cloud.dynamo.describeTable(names(release).cursors) != nil else { return [:] }
        let items = try await cloud.items(names(release).cursors)
        return items.reduce(into: [:]) { found, item in
            guard let key = item["consumer"]?.string, key.hasPrefix("replay/") else { return }
            found[key] = ReplayCheckpoint(item: item)
        }
    }

    /// The phase that the deployment of a release is recorded at.
    func phase(_ release: String) async throws -> String? {
        try await cloud.items("immutable-stack").first {
            $0["stack"]?.string == Self.stack && $0["item"]?.string == "release#\(release)"
        }?["phase"]?.string
    }
}
