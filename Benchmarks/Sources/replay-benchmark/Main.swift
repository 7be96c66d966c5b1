import ArgumentParser
import Foundation

@main struct ReplayBenchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay-benchmark",
        abstract: "How fast events are copied: the engine, a plain boto3 copier, and the store's own limit, side by side.",
        subcommands: [Compare.self, CopyOnce.self], defaultSubcommand: Compare.self)
}

/// The benchmark itself.
struct Compare: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare", abstract: "Copy a table by each copier in turn, and compare what it took.",
        discussion: """
            Without --table it makes its events and, without an endpoint in AWS_ENDPOINT_URL, starts a local AWS for itself. \
            The copies go to tables replaybench-*, which it removes.
            """)

    @Option(help: "How many events to make, of about 300 bytes, 20 a stream on average.") var events = 262_000
    @Option(help: "How often each copier is measured, in turn.") var rounds = 5
    @Option(help: "Copy this events table instead of making one; the store is the one of AWS_ENDPOINT_URL, or AWS.") var table: String?
    @Option(parsing: .upToNextOption, help: "Which copiers: replay, transform, boto3, limit.") var only: [Copier] = Copier.allCases
    @Flag(help: "Copy from and to a stub on this machine that makes pages up and keeps nothing: for the memory of large runs.") var stub =
        false
    @Option(help: "Where to write the plot of the rates.") var plot = "replay-benchmark.svg"
    @Flag(help: "End with a line of JSON.") var json = false

    func validate() throws {
        guard events > 0, rounds > 0 else { throw ValidationError("--events and --rounds must be 1 or more") }
        if stub, table != nil { throw ValidationError("--stub makes its events; leave --table out") }
        if stub, only.contains(where: { $0 == .boto3 || $0 == .limit }), only.count < Copier.allCases.count {
            throw ValidationError("a stub has no limit worth comparing with: use --only replay transform")
        }
    }

    func run() async throws {
        let signals = Interruption.install()
        defer { withExtendedLifetime(signals) {} }
        let contest = Contest(
            events: events, rounds: rounds, table: table, copiers: stub ? only.filter { $0 == .replay || $0 == .transform } : only,
            isStub: stub)
        let results = try await contest.run { FileHandle.standardError.write(Data(($0 + "\n").utf8)) }
        let report = Report(results)
        print(report.table)
        try Data(Plot(results).svg.utf8).write(to: URL(fileURLWithPath: plot))
        FileHandle.standardError.write(Data("plot: \(plot)\n".utf8))
        if json { print(try report.json) }
    }
}

/// One copy, in the process that is measured.
struct CopyOnce: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "copy-once", shouldDisplay: false)

    @Argument var copier: Copier
    @Option var target: String
    @Option var endpoint: String?
    @Option var table: String?
    @Option var recording: String?
    @Option var recorded = ""
    @Option var events = 0
    @Option var share = 1.0
    @Option var connections = 1

    func run() async throws {
        let report =
            switch copier {
            case .replay:
                try await ReplayCopier.run(endpoint: endpoint, given: table, target: target, transform: .identity, recording: recording)
            case .transform:
                try await ReplayCopier.run(
                    endpoint: endpoint, given: table, target: target, transform: SampleTransform.transform, recording: nil)
            case .limit:
                try LimitCopier.run(
                    port: UInt16(URL(string: endpoint ?? "")?.port ?? 80), recording: recording ?? "", recorded: recorded,
                    table: Tables.stack.release(target).events, events: events, share: share, connections: connections)
            case .boto3: throw Refusal("boto3's copier is a Python program")
            }
        print(String(decoding: try JSONEncoder().encode(report), as: UTF8.self))
    }
}

enum Copier: String, CaseIterable, Codable, Sendable, ExpressibleByArgument {
    /// The engine, each event as it is.
    case replay
    /// The engine, each event changed.
    case transform
    /// A plain copier in Python.
    case boto3
    /// The engine's requests once more, without the engine.
    case limit

    var title: String {
        switch self {
        case .replay: "replay, identity"
        case .transform: "replay, transform"
        case .boto3: "boto3, 8 threads"
        case .limit: "the store's limit"
        }
    }
}
