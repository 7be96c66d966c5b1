import ArgumentParser
import ManifestLoading
import Orchestrator

struct Plan: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show what deploy would do. Changes nothing.",
        discussion: "Loads the manifest, builds the functions, holds the two against each other and against the live release.")

    @OptionGroup var sources: SourceOptions
    @OptionGroup var engineOption: EngineOption
    @OptionGroup var format: FormatOption

    @Flag(help: "Exit 2 where there is something to deploy: where no candidate of the same sources is ready, and none of them is live.")
    var detailedExitcode = false

    func run() async throws {
        // A manifest's errors need no cloud.
        _ = try await ManifestLoader().load(sources.directory)
        let cloud = try await Cloud.connected()
        let loaded = try await LoadedSources.load(sources, for: cloud)
        let report = try await PlanReport.gather(
            cloud, loaded.stack, engine: engineOption.engine, catalogue: loaded.catalogue)
        let answer = PlanAnswer(
            report: report, candidate: try await CandidateState.look(cloud, loaded),
            artifact: ArtifactSummary(loaded.artifact, of: loaded.stack.functions), directory: sources.directory)
        try format.format.print(answer)
        if !answer.problems.isEmpty { return try ExitReason.failed.end() }
        if detailedExitcode, ![.ready, .live].contains(answer.candidate) { try ExitReason.changes.end() }
    }
}
