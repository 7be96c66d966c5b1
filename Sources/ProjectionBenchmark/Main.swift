import ArgumentParser

@main
struct Benchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "projection-benchmark",
        abstract: "How fast projections and comparisons are, beside what a local AWS itself can do in the same run.",
        subcommands: [ReplayRun.self, VerifyRun.self, ContentionRun.self])
}
