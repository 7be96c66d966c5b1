import Foundation

/// Holds what clients wrote down against what is in the cloud, by programs that share no code with the rest.
struct OutsideAudit: Sendable {
    let cloud: DrillCloud
    let setup: DrillSetup
    let person: Person

    struct Report: Sendable, Codable {
        struct Facts: Sendable, Codable {
            var acknowledged = 0
            var lost = 0
            var duplicated = 0
            var versionGaps = 0
            var outOfOrder = 0
            var readModelMismatches = 0
            var problems: [String] = []
        }
        struct Effects: Sendable, Codable {
            var expected = 0
            var sent = 0
            var duplicated = 0
            var missing = 0
            var unexpected = 0
            var problems: [String] = []
        }
        struct Requests: Sendable, Codable {
            var sent = 0
            var failed = 0
        }
        var audit = Facts()
        var effects = Effects()
        var requests = Requests()

        /// What is wrong, in words; empty where nothing is.
        var problems: [String] {
            let counts = [
                (requests.failed, "requests failed"), (audit.lost, "acknowledged commands lost"), (audit.duplicated, "duplicated"),
                (audit.versionGaps, "streams with a gap"), (audit.outOfOrder, "commands out of order"),
                (audit.readModelMismatches, "documents wrong"), (effects.duplicated, "mails sent twice"),
                (effects.missing, "mails missing"), (effects.unexpected, "mails that nothing calls for"),
            ]
            let found = counts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
            return found.isEmpty ? [] : found + audit.problems + effects.problems
        }
    }

    /// An effect that was begun when its function died is in doubt after half a minute, and then waits for a person.
    private static let patience: Duration = .seconds(100)

    /// With no traffic: each figure must be zero, once what is under way has come to its end.
    func run(release: String, journals: [URL]) async throws -> Report {
        let journal = setup.logs.appending(path: "journal.jsonl")
        try Data().write(to: journal)
        let all = try FileHandle(forWritingTo: journal)
        for file in journals { try all.write(contentsOf: Data(contentsOf: file)) }
        try all.close()
        let end = ContinuousClock.now + Self.patience
        while true {
            let report = try await look(release, journal)
            if report.problems.isEmpty || .now > end { return report }
            try await person.resolve()
        }
    }

    private func look(_ release: String, _ journal: URL) async throws -> Report {
        let end = try await python(
            setup.root + "/Sources/immutable/Resources/audit.py", "--endpoint", cloud.instance.endpoint, "--region", cloud.instance.region,
            "--stack", DrillCloud.stack, "--release", release, "--journal", journal.path(percentEncoded: false), "--domain",
            DrillCloud.domain, "--settle", "10", "--mail-wait", "5")
        guard end.status == 0 || end.status == 1, let report = try? JSONDecoder().decode(Report.self, from: Data(end.output.utf8)) else {
            throw Finding("the audit came to no result (\(end.status)): \(end.errors.suffix(1_000))")
        }
        return report
    }

    /// What is left in the cloud of releases that are gone, by kind and name.
    func leftovers(of gone: Set<String>) async throws -> [String] {
        guard !gone.isEmpty else { return [] }
        let end = try await python(
            program, "leftovers", cloud.instance.endpoint, cloud.instance.region, DrillCloud.stack, gone.sorted().joined(separator: ","))
        guard end.status == 0, let names = try? JSONDecoder().decode([String].self, from: Data(end.output.utf8)) else {
            throw Finding("what is left could not be listed (\(end.status)): \(end.errors.suffix(1_000))")
        }
        return names
    }

    /// Every item of every table, as files beside the logs.
    func dump() async throws {
        let folder = setup.logs.appending(path: "tables").path(percentEncoded: false)
        _ = try await python(program, "dump", cloud.instance.endpoint, cloud.instance.region, folder)
    }

    /// Beside the executable as it was built, else in the sources.
    private var program: String {
        let built = ["resources", "bundle"].map { "\(setup.products)/immutable-stack_FireDrill.\($0)/outside.py" }
        return built.first { FileManager.default.fileExists(atPath: $0) } ?? setup.root + "/Sources/FireDrill/Resources/outside.py"
    }

    private func python(_ arguments: String...) async throws -> Program.End {
        var environment = cloud.environment(endpoint: cloud.instance.endpoint)
        environment["NO_PROXY"] = "127.0.0.1"
        let program = try Program(
            cloud.instance.python, ["-B"] + arguments, environment: environment, log: setup.logs.appending(path: "audit"))
        guard let end = try await program.end(within: .seconds(180)) else { throw Finding("an audit did not end within three minutes") }
        return end
    }
}
