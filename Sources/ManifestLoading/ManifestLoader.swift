import Foundation
import StackDescription

/// Turns a `Stack.swift` into a `Stack`: compiles it, runs it without credentials and without network, reads what it
/// describes, and remembers that for as long as nothing that it depends on has changed.
public struct ManifestLoader: Sendable {
    /// The name of a manifest's file.
    public static let fileName = "Stack.swift"

    /// How long compiling and running may take, each.
    public var timeLimit: Duration
    private let toolchain: Toolchain
    private let cache: ManifestCache?

    /// - Parameters:
    ///   - toolchain: the compiler, and the library that manifests are compiled against.
    ///   - cacheDirectory: where parsed manifests are kept; nil: nowhere.
    public init(
        toolchain: Toolchain = .standard(),
        cacheDirectory: URL? = ManifestLoader.standardCacheDirectory(),
        timeLimit: Duration = .seconds(30)
    ) {
        self.toolchain = toolchain
        self.cache = cacheDirectory.map(ManifestCache.init)
        self.timeLimit = timeLimit
    }

    /// `$XDG_CACHE_HOME/immutable/manifests`, else `~/.cache/immutable/manifests`; nil without a home.
    public static func standardCacheDirectory(
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) -> URL? {
        let root =
            environment["XDG_CACHE_HOME"].flatMap { $0.hasPrefix("/") ? URL(filePath: $0) : nil }
            ?? environment["HOME"].map { URL(filePath: $0).appending(path: ".cache") }
        return root?.appending(path: "immutable/manifests")
    }

    /// Loads the manifest of a directory.
    /// - Parameter directory: the directory that has a `Stack.swift`, or the path of that file itself.
    /// - Throws: `ManifestError`; where the stack has problems, `ManifestError.invalid` with all of them.
    public func load(_ directory: String) async throws -> LoadedManifest {
        let url = URL(filePath: directory)
        return try await load(url.lastPathComponent == Self.fileName ? url.deletingLastPathComponent() : url)
    }

    public func load(_ directory: URL) async throws -> LoadedManifest {
        let clock = ContinuousClock()
        let start = clock.now
        let source = try ManifestSource(directory: directory)
        try source.checkVersion()

        let compiler = try toolchain.compiler()
        let library = try toolchain.library()
        let key = ManifestCache.key(source: source.bytes, compiler: compiler, library: library)

        let manifest: LoadedManifest
        if let json = cache?.read(key), let stack = try? ManifestResult.stack(in: json) {
            manifest = LoadedManifest(
                stack: stack, json: json, source: source, fromCache: true, duration: clock.now - start)
        } else {
            let build = ManifestBuild(source: source, compiler: compiler, library: library, timeLimit: timeLimit)
            let json = try await build.output()
            let stack = try ManifestResult.stack(in: json)
            cache?.write(json, for: key)
            manifest = LoadedManifest(
                stack: stack, json: json, source: source, fromCache: false, duration: clock.now - start)
        }
        try manifest.require(noneOf: manifest.stack.problems())
        return manifest
    }
}
