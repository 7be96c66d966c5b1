import Foundation

/// Where the Swift compiler is, and the library that manifests are compiled against.
public struct Toolchain: Sendable {
    private let compilerCandidates: [URL]
    private let libraryCandidates: [URL]

    /// - Parameters:
    ///   - compiler: paths of swiftc; the first that is there is taken.
    ///   - libraries: directories; the first that has the library StackDescription is taken.
    public init(compiler: [URL], libraries: [URL]) {
        compilerCandidates = compiler
        libraryCandidates = libraries
    }

    /// The compiler is `SWIFT_EXEC`, else the first swiftc on the `PATH`. The library is in `IMMUTABLE_LIBS_DIR`, else
    /// in `lib/immutable` where this tool is installed, else beside the executable, where SwiftPM builds it.
    public static func standard(
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) -> Toolchain {
        let named = environment["SWIFT_EXEC"].map { [URL(filePath: $0)] }
        let onPath = (environment["PATH"] ?? "").split(separator: ":")
            .map { URL(filePath: String($0)).appending(path: "swiftc") }
        let libraries =
            environment["IMMUTABLE_LIBS_DIR"].map { [URL(filePath: $0)] }
            ?? executableDirectories.flatMap { [$0.appending(path: "../lib/immutable").standardizedFileURL, $0] }
        return Toolchain(compiler: named ?? onPath, libraries: libraries)
    }

    func compiler() throws(ManifestError) -> FileStamp {
        for candidate in compilerCandidates {
            let path = candidate.path(percentEncoded: false)
            if FileManager.default.isExecutableFile(atPath: path), let stamp = FileStamp(candidate) { return stamp }
        }
        throw .noCompiler(searched: compilerCandidates.map { $0.path(percentEncoded: false) })
    }

    func library() throws(ManifestError) -> LibraryFiles {
        for candidate in libraryCandidates {
            if let library = LibraryFiles(in: candidate) { return library }
        }
        throw .noLibrary(searched: libraryCandidates.map { $0.path(percentEncoded: false) })
    }

    /// The directory of the running executable; on macOS also those of test bundles that it has loaded.
    private static var executableDirectories: [URL] {
        #if os(Linux)
            let executables = [URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()]
        #else
            let bundles = Bundle.allBundles.map(\.bundleURL).filter { $0.pathExtension == "xctest" }
            let executables = [Bundle.main.executableURL?.resolvingSymlinksInPath()].compactMap { $0 } + bundles
        #endif
        return executables.map { $0.deletingLastPathComponent() }
    }
}
