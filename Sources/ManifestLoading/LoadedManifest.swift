import Foundation
import StackDescription

/// A manifest that was compiled and run, and whose stack has no problems by itself.
public struct LoadedManifest: Sendable {
    public let stack: Stack
    /// What the manifest wrote: the envelope, with sorted keys and no white space.
    public let json: String
    /// The directory that the manifest is in; paths in the manifest are relative to it.
    public let directory: URL
    /// Whether it was neither compiled nor run this time.
    public let fromCache: Bool
    /// How long loading took.
    public let seconds: Double
    private let source: ManifestSource

    init(stack: Stack, json: String, source: ManifestSource, fromCache: Bool, duration: Duration) {
        self.stack = stack
        self.json = json
        self.directory = source.directory
        self.fromCache = fromCache
        self.seconds = duration / .seconds(1)
        self.source = source
    }

    /// Holds the manifest against what the built functions contain.
    /// - Throws: `ManifestError.invalid` with all that they disagree about, with the manifest's lines.
    public func check(against catalogue: Catalogue) throws(ManifestError) {
        try require(noneOf: stack.problems(against: catalogue))
    }

    /// - Throws: `ManifestError.invalid` if there are any problems.
    func require(noneOf problems: [Problem]) throws(ManifestError) {
        if !problems.isEmpty { throw .invalid(problems.map(source.locate)) }
    }
}
