import Foundation
import StackDescription

/// One compilation and run of a manifest, in a directory of its own that is removed afterwards.
struct ManifestBuild: Sendable {
    let source: ManifestSource
    let compiler: FileStamp
    let library: LibraryFiles
    let timeLimit: Duration

    /// What the manifest wrote.
    func output() async throws -> String {
        let scratch = FileManager.default.temporaryDirectory.appending(path: "immutable-manifest-\(UUID().uuidString)")
        do {
            try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
            try source.bytes.write(to: scratch.appending(path: ManifestLoader.fileName))
        } catch {
            throw ManifestError.unreadableFile(
                path: scratch.path(percentEncoded: false), reason: error.localizedDescription)
        }
        defer { try? FileManager.default.removeItem(at: scratch) }

        let executable = scratch.appending(path: "manifest")
        try await compile(to: executable, in: scratch)
        return try await run(executable, in: scratch)
    }

    private func compile(to executable: URL, in scratch: URL) async throws {
        var arguments = [
            "-swift-version", "6", "-Onone", "-gnone", "-suppress-warnings", "-diagnostic-style=llvm",
            "-module-name", "Manifest", "-I", library.modules.path(percentEncoded: false), ManifestLoader.fileName,
            "-o", executable.path(percentEncoded: false),
        ]
        arguments += library.code.map { $0.path(percentEncoded: false) }
        if let directory = library.dynamicLibraryDirectory {
            arguments += ["-Xlinker", "-rpath", "-Xlinker", directory.path(percentEncoded: false)]
        }
        #if os(Linux)
            // Saves a third of the time. It comes with the toolchain.
            arguments.append("-use-ld=lld")
        #endif
        let result = try await Subprocess(
            program: compiler.path, arguments: arguments, environment: Self.compilerEnvironment, directory: scratch
        ).run(in: scratch, limit: timeLimit)
        switch result.end {
        case .exited(0): return
        case .timedOut: throw ManifestError.timedOut(.compiling, limit: timeLimit)
        case .exited, .signalled:
            throw ManifestError.doesNotCompile(
                diagnostics: CompilerDiagnostics.clean(result.output, scratch: scratch.path(percentEncoded: false)))
        }
    }

    private func run(_ executable: URL, in scratch: URL) async throws -> String {
        let file = scratch.appending(path: "stack.json")
        let isolated = Isolation.standard.isolating(
            executable.path(percentEncoded: false), ["--immutable-output", file.path(percentEncoded: false)])
        let result = try await Subprocess(
            program: isolated.program, arguments: isolated.arguments, environment: [:], directory: source.directory
        ).run(in: scratch, limit: timeLimit)
        switch result.end {
        case .exited(0): break
        case .exited(let status): throw ManifestError.failed(status: status, output: result.output)
        case .signalled(let signal): throw ManifestError.crashed(signal: signal, output: result.output)
        case .timedOut: throw ManifestError.timedOut(.running, limit: timeLimit)
        }
        guard let json = try? String(contentsOf: file, encoding: .utf8), !json.isEmpty else {
            throw ManifestError.noStack(output: result.output)
        }
        return json
    }

    /// What a compiler needs; credentials are not among it.
    private static var compilerEnvironment: [String: String] {
        let needed: Set = [
            "DEVELOPER_DIR", "HOME", "LANG", "LC_ALL", "PATH", "SDKROOT", "SWIFTLY_BIN_DIR", "SWIFTLY_HOME_DIR",
            "SWIFTLY_TOOLCHAINS_DIR", "TMPDIR", "TOOLCHAINS",
        ]
        return ProcessInfo.processInfo.environment.filter { needed.contains($0.key) }
    }
}
