import Orchestrator
import StackDescription

/// Which artifact a release runs.
struct ArtifactSummary: Sendable, Encodable {
    /// The product's name, or the archive's path.
    var name: String
    /// `debug`, `release` or `zip`.
    var kind: String
    var zippedBytes: Int

    init(_ artifact: Artifact, of functions: Functions) {
        switch functions.artifact {
        case .swiftProduct(let product): name = product
        case .zip(let path, _, _): name = path
        }
        kind = artifact.kind
        zippedBytes = artifact.zip.count
    }

    var text: String {
        let what =
            switch kind {
            case "debug": "debug build, for the local cloud only"
            case "release": "release build"
            default: "ready-made archive"
            }
        return "\(name), \(what), \(Figures.megabytes(zippedBytes)) zipped"
    }
}
