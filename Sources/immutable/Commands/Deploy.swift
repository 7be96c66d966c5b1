import ArgumentParser
import ManifestLoading
import Orchestrator

struct Deploy: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make a new release beside the live one, fill it with every event, and prove it.",
        discussion: """
            The live release is only read. Run again with the same sources, it goes on where it stopped. \
            While events are copied, progress says how many a second, what limits it, and how long it will take until the candidate has \
            caught up. Exits 3 where the read models differ and 4 where that can't be told; the candidate stays for you to look at.
            """)

    @OptionGroup var sources: SourceOptions
    @OptionGroup var historyOptions: HistoryOptions
    @OptionGroup var engineOption: EngineOption
    @OptionGroup var replay: ReplayArguments
    @OptionGroup var progress: ProgressOption
    @OptionGroup var format: FormatOption

    func run() async throws {
        progress.use()
        let history = try historyOptions.file()
        _ = try await ManifestLoader().load(sources.directory)
        let cloud = try await Cloud.connected()
        let loaded = try await LoadedSources.load(sources, for: cloud)
        let outcome = try await DeployCommand(
            cloud: cloud, manifest: loaded.stack, artifact: loaded.artifact, history: history, engine: engineOption.engine,
            options: replay.options, catalogue: loaded.catalogue, sink: ProgressView.sink
        ).run()
        let answer = DeployAnswer(outcome, artifact: ArtifactSummary(loaded.artifact, of: loaded.stack.functions))
        try format.format.print(answer)
        if let verdict = outcome.parity?.verdict { try ExitReason(verdict).end() }
    }
}
