import ManifestLoading
import Orchestrator
import StackDescription

/// A stack's manifest with its built functions, the two held against each other.
struct LoadedSources: Sendable {
    var stack: Stack
    var artifact: Artifact
    /// What the functions say that they contain; `nil` for those that can't be asked.
    var catalogue: Catalogue?

    /// - Throws: `ManifestError` where the manifest is wrong, or names what the functions don't have; `ArtifactError`.
    static func load(_ options: SourceOptions, for cloud: Cloud) async throws -> LoadedSources {
        let manifest = try await ManifestLoader().load(options.directory)
        let builder = ArtifactBuilder(products: options.products, local: cloud.isLocal, progress: ProgressView.sink)
        let built = try await builder.build(manifest.stack.functions, manifestDirectory: manifest.directory.path(percentEncoded: false))
        if let catalogue = built.catalogue { try manifest.check(against: catalogue) }
        let sources = LoadedSources(stack: manifest.stack, artifact: built.artifact, catalogue: built.catalogue)
        ProgressView.sink(.done("functions: \(sources.summary)"))
        return sources
    }

    var summary: String { ArtifactSummary(artifact, of: stack.functions).text }
}
