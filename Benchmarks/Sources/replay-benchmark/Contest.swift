import EventSourcing
import Foundation
import LocalCloud

/// The copiers in turn, each in a process of its own, each into a table of its own that is removed afterwards.
struct Contest {
    let events: Int
    let rounds: Int
    let table: String?
    let copiers: [Copier]
    let isStub: Bool

    struct Results {
        var events: Int
        var rounds: Int
        var store: String
        /// Of the limit's copier.
        var connections = 0
        var measurements: [Copier: [Measurement]] = [:]
        /// Whether the targets' contents were compared, and were as they should be.
        var isProven = false
    }

    func run(_ say: @escaping @Sendable (String) -> Void) async throws -> Results {
        if isStub {
            let stub = StubStore(EventMaker(events: events))
            let endpoint = try await stub.listen()
            return try await onStub(stub, endpoint, say)
        }
        if let endpoint = ProcessInfo.processInfo.environment["AWS_ENDPOINT_URL"], !endpoint.isEmpty {
            return try await on(endpoint: endpoint, store: endpoint, say)
        }
        if table != nil { return try await on(endpoint: nil, store: "AWS", say) }
        let cloud = try await LocalCloud.start(.init(progress: say))
        Interruption.set(cloud)
        do {
            let results = try await on(endpoint: cloud.endpoint, store: "local AWS (MiniStack)", say)
            await cloud.stop()
            return results
        } catch {
            await cloud.stop()
            throw error
        }
    }

    private func onStub(_ stub: StubStore, _ endpoint: String, _ say: (String) -> Void) async throws -> Results {
        var results = Results(events: events, rounds: rounds, store: "a stub that keeps nothing", isProven: true)
        for round in 1...rounds {
            for copier in copiers {
                let before = stub.written
                let measured = try await measure(copier, endpoint: endpoint, target: Tables.target(0))
                try expect(stub.written - before == events, "\(copier.title) wrote \(stub.written - before) of \(events) events")
                results.measurements[copier, default: []].append(measured)
                say("round \(round): \(Report.line(copier, measured))")
            }
        }
        return results
    }

    private func on(endpoint: String?, store: String, _ say: @escaping @Sendable (String) -> Void) async throws -> Results {
        let tables = try Tables(endpoint: endpoint, given: table)
        try await tables.createSource()
        do {
            let results = try await on(tables, endpoint: endpoint, store: store, say)
            try await tables.deleteSource()
            return results
        } catch {
            try? await tables.deleteSource()
            throw error
        }
    }

    private func on(_ tables: Tables, endpoint: String?, store: String, _ say: @escaping @Sendable (String) -> Void) async throws -> Results
    {
        if table == nil {
            say("making \(events) events")
            try await tables.fill(with: EventMaker(events: events))
        }
        var results = Results(events: events, rounds: rounds, store: store)
        var copiers = copiers
        if endpoint?.hasPrefix("http://127.0.0.1:") != true, copiers.contains(.limit) {
            say("the limit is measured without signatures and encryption: on this machine only, so not here")
            copiers.removeAll { $0 == .limit }
        }
        var target = 0
        let recording = FileManager.default.temporaryDirectory.appendingPathComponent("replay-benchmark-\(UUID().uuidString).requests").path
        Interruption.set(file: recording)
        defer { try? FileManager.default.removeItem(atPath: recording) }
        let python = copiers.contains(.boto3) ? try await LocalCloud.python(with: .boto3, progress: say) : ""

        /// Into a table of its own.
        func copy(_ copier: Copier, _ further: [String] = [], then look: (String) async throws -> Void = { _ in }) async throws
            -> Measurement
        {
            target += 1
            let release = Tables.target(target)
            try await tables.createTarget(release)
            do {
                let measured = try await measure(copier, endpoint: endpoint, target: release, python: python, further)
                try await look(release)
                try await tables.deleteTarget(release)
                return measured
            } catch {
                try? await tables.deleteTarget(release)
                throw error
            }
        }

        var limit: [String] = []
        if copiers.contains(.limit) {
            say("recording a replay's requests, and looking for the number of connections with which the store answers them fastest")
            let recorded = try await copy(.replay, ["--recording", recording])
            limit = [
                "--recording", recording, "--recorded", Tables.stack.release(Tables.target(target)).events, "--events",
                "\(recorded.report.events)",
            ]
            var best = 0.0
            for connections in [1, 2, 4, 8, 16] {
                let tried = try await copy(.limit, limit + ["--connections", "\(connections)", "--share", "0.2"])
                say("  \(connections): \(Int(tried.eventsPerSecond)) events/s")
                if tried.eventsPerSecond > best { (best, results.connections) = (tried.eventsPerSecond, connections) }
            }
            limit += ["--connections", "\(results.connections)"]
        }

        var contents: [Copier: Tables.Contents] = [:]
        for round in 1...rounds {
            for copier in copiers {
                let measured = try await copy(copier, copier == .limit ? limit : []) { release in
                    if round == 1 { contents[copier] = try await tables.contents(of: Tables.stack.release(release).events) }
                }
                results.events = measured.report.events
                results.measurements[copier, default: []].append(measured)
                say("round \(round): \(Report.line(copier, measured))")
            }
        }
        try await prove(contents, tables, events: results.events)
        results.isProven = true
        return results
    }

    /// That the copies hold what they should: the same as each other, and the source's totals; the transformed one as many events.
    private func prove(_ contents: [Copier: Tables.Contents], _ tables: Tables, events: Int) async throws {
        let source = try await tables.contents(of: table ?? Tables.sourceEvents)
        let plain = contents.filter { $0.key != .transform }
        for (copier, held) in plain {
            try expect(held.totals == source.totals, "\(copier.title) copied other events than the source has")
            if let first = plain.values.first { try expect(held == first, "\(copier.title) made other items than the others") }
        }
        if let transformed = contents[.transform] {
            try expect(transformed.totals.events == events, "\(Copier.transform.title) made \(transformed.totals.events) events")
        }
    }

    private func expect(_ holds: Bool, _ problem: String) throws { if !holds { throw Refusal("\(problem): the figures mean nothing") } }

    private func measure(_ copier: Copier, endpoint: String?, target: String, python: String = "", _ further: [String] = []) async throws
        -> Measurement
    {
        var environment = ProcessInfo.processInfo.environment
        if let endpoint, environment["AWS_ENDPOINT_URL"] == nil {
            environment["AWS_ENDPOINT_URL"] = endpoint
            (environment["AWS_ACCESS_KEY_ID"], environment["AWS_SECRET_ACCESS_KEY"]) = ("test", "test")
            (environment["AWS_REGION"], environment["AWS_DEFAULT_REGION"]) = ("us-east-1", "us-east-1")
        }
        if copier == .boto3 {
            guard let script = Bundle.module.path(forResource: "boto3_copier", ofType: "py") else {
                throw Refusal("boto3_copier.py is missing")
            }
            let tables = [table ?? Tables.sourceEvents, Tables.stack.release(target).events, Tables.source]
            return try await Child.measure([python, "-I", script] + tables, environment: environment)
        }
        var arguments = [Bundle.main.executablePath ?? CommandLine.arguments[0], "copy-once", copier.rawValue, "--target", target]
        if let endpoint { arguments += ["--endpoint", endpoint] }
        if let table { arguments += ["--table", table] }
        return try await Child.measure(arguments + further, environment: environment)
    }
}
