import Foundation

/// The built command, run as a person runs it.
enum DemoRun {
    struct Result: Sendable {
        var status: Int32
        var figures: Figures?
        var story: String
    }

    /// What the tests look at of the last line.
    struct Figures: Sendable, Decodable {
        struct Requests: Sendable, Decodable {
            var sent: Int
            var failed: Int
        }
        struct Replay: Sendable, Decodable {
            var events: Int
            var seconds: Double
        }
        struct Parity: Sendable, Decodable {
            var verdict: String
            var documents: Int
            var coverage: Double
        }
        struct Percentiles: Sendable, Decodable {
            var p50: Double
            var p99: Double
            var max: Double
        }
        struct Handover: Sendable, Decodable {
            var writePauseMilliseconds: Percentiles
            var addedLatencyMilliseconds: Percentiles
            var writesTried: Int
        }
        struct Audit: Sendable, Decodable {
            var acknowledged: Int
            var lost: Int
            var duplicated: Int
        }
        struct Effects: Sendable, Decodable {
            var expected: Int
            var sent: Int
            var duplicated: Int
            var missing: Int
        }
        var requests: Requests
        var replay: Replay
        var parity: Parity
        var cutover: Handover
        var rollback: Handover
        var audit: Audit
        var effects: Effects
        var problems: [String]
    }

    /// The folder that the build has put the products into, this test's among them.
    static var products: URL {
        // `swift test` runs the bundle itself on Linux, and Xcode's runner with the bundle as an argument on macOS.
        let bundle = CommandLine.arguments.first { $0.hasSuffix(".xctest") || $0.contains(".xctest/") }
        let path = bundle ?? Bundle.main.executablePath ?? CommandLine.arguments.first ?? "."
        var folder = URL(filePath: path).resolvingSymlinksInPath()
        while folder.pathComponents.count > 1 {
            folder.deleteLastPathComponent()
            if FileManager.default.isExecutableFile(atPath: folder.appending(path: "immutable").path) { return folder }
        }
        return URL(filePath: path).deletingLastPathComponent()
    }

    /// - Throws: where the command can't be started.
    static func run(_ arguments: [String]) async throws -> Result {
        let scratch = FileManager.default.temporaryDirectory.appending(path: "demo-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: scratch) }
        let (output, errors) = (scratch.appending(path: "output"), scratch.appending(path: "errors"))
        for file in [output, errors] { try Data().write(to: file) }
        let process = Process()
        process.executableURL = products.appending(path: "immutable")
        process.arguments = ["demo", "--json", "--products", products.path] + arguments
        process.currentDirectoryURL = URL(filePath: #filePath).deletingLastPathComponent()
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = try FileHandle(forWritingTo: errors)
        let (ends, continuation) = AsyncStream<Int32>.makeStream()
        process.terminationHandler = { process in
            continuation.yield(process.terminationStatus)
            continuation.finish()
        }
        try process.run()
        var status: Int32 = -1
        for await end in ends { status = end }
        let last = try String(contentsOf: output, encoding: .utf8).split(whereSeparator: \.isNewline).last
        return Result(
            status: status, figures: last.flatMap { try? JSONDecoder().decode(Figures.self, from: Data($0.utf8)) },
            story: try String(contentsOf: errors, encoding: .utf8))
    }
}
