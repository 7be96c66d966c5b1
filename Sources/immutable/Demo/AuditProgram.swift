import Foundation
import LocalCloud

/// Runs the audit: a Python program that shares no code with this one.
struct AuditProgram: Sendable {
    let instance: LocalCloud.Instance
    let root: PackageRoot

    struct Report: Sendable, Codable {
        struct Audit: Sendable, Codable {
            var acknowledged: Int
            var lost: Int
            var duplicated: Int
            var versionGaps: Int
            var readModelMismatches: Int
            var problems: [String]
        }
        struct Effects: Sendable, Codable {
            var expected: Int
            var sent: Int
            var duplicated: Int
            var missing: Int
            var unexpected: Int
            var problems: [String]
        }
        var audit: Audit
        var effects: Effects
    }

    /// How long the audit waits for what is still on its way: read models, then mail. In seconds.
    var patience: Int

    /// - Throws: ``AuditImpossible``, `CancellationError`
    func run(stack: String, release: String, domain: String, journal: String) async throws -> Report {
        let output = URL(filePath: instance.stateDirectory).appending(path: "demo-audit.json")
        let errors = URL(filePath: instance.stateDirectory).appending(path: "demo-audit.log")
        defer { for file in [output, errors] { try? FileManager.default.removeItem(at: file) } }
        for file in [output, errors] { try Data().write(to: file) }
        let process = Process()
        process.executableURL = URL(filePath: instance.python)
        process.arguments = [
            "-B", program, "--endpoint", instance.endpoint, "--region", instance.region, "--stack", stack, "--release", release,
            "--journal", journal, "--domain", domain, "--settle", "\(patience)", "--mail-wait", "\(patience)",
        ]
        process.environment = DemoCloud.environment(instance).merging(["PATH": "/usr/bin:/bin"]) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = try FileHandle(forWritingTo: errors)
        let (ends, continuation) = AsyncStream<Int32>.makeStream()
        process.terminationHandler = { process in
            continuation.yield(process.terminationStatus)
            continuation.finish()
        }
        try process.run()
        let pid = process.processIdentifier
        var status: Int32 = -1
        await withTaskCancellationHandler {
            for await end in ends { status = end }
        } onCancel: {
            kill(pid, SIGTERM)
        }
        try Task.checkCancellation()
        guard status == 0 || status == 1, let report = try? JSONDecoder().decode(Report.self, from: Data(contentsOf: output)) else {
            let said = (try? String(contentsOf: errors, encoding: .utf8)) ?? ""
            throw AuditImpossible(status: status, said: said)
        }
        return report
    }

    /// Beside the executable as it was built, else in the sources.
    private var program: String {
        let folder = URL(filePath: Bundle.main.executablePath ?? "").deletingLastPathComponent()
        let built = ["resources", "bundle"].map { folder.appending(path: "immutable-stack_immutable.\($0)/audit.py").path }
        return built.first { FileManager.default.fileExists(atPath: $0) } ?? root.path("Sources/immutable/Resources/audit.py")
    }
}

/// The audit came to no result.
struct AuditImpossible: Error, CustomStringConvertible {
    var status: Int32
    var said: String

    var description: String {
        "the audit came to no result (it ended with \(status)): \(said.isEmpty ? "it said nothing" : said)\nhint: run the demo again with --keep, and look at the log of the local AWS"
    }
}
