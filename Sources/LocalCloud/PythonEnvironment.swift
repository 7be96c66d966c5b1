import Foundation

/// A virtual environment with exactly some packages: the local cloud's, or another.
///
/// It is made elsewhere and moved into its place when complete, under a lock, so a start that is killed or runs beside
/// another leaves no half-made one. Its place names its contents, and its marker repeats them in full.
struct PythonEnvironment: Sendable {
    let path: String

    var python: String { path + "/bin/python3" }
    var binDirectory: String { path + "/bin" }

    private static let markerName = "immutable-complete.txt"

    static func prepare(
        _ packages: PythonPackages = .localCloud, in home: Home, progress: @escaping @Sendable (String) -> Void
    ) async throws -> PythonEnvironment {
        let interpreter = try await PythonInterpreter.find()
        let marker = "python \(interpreter.version)\n" + packages.requirements
        let name = "\(packages.name)-python\(interpreter.version)-\(fingerprint(marker))"
        let environment = PythonEnvironment(path: "\(home.environments)/\(name)")
        if environment.isComplete(marker: marker) { return environment }
        // Making one takes seconds to minutes, by the network.
        try await FileLock.holding(home.environmentsLock, deadline: .seconds(900), progress: progress) {
            if environment.isComplete(marker: marker) { return }
            progress("making \(packages.purpose)'s Python environment (once; \(packages.name))")
            try await environment.make(packages, with: interpreter, marker: marker, in: home)
        }
        return environment
    }

    private func isComplete(marker: String) -> Bool {
        FileManager.default.isExecutableFile(atPath: python)
            && FileManager.default.contents(atPath: "\(path)/\(Self.markerName)") == Data(marker.utf8)
    }

    private func make(_ packages: PythonPackages, with interpreter: PythonInterpreter, marker: String, in home: Home) async throws {
        let files = FileManager.default
        try files.createDirectory(atPath: home.environments, withIntermediateDirectories: true)
        // We hold the lock: what is unfinished was left by a process that was killed.
        for leftover in try files.contentsOfDirectory(atPath: home.environments) where leftover.hasPrefix(".") {
            try? files.removeItem(atPath: "\(home.environments)/\(leftover)")
        }
        let draft = PythonEnvironment(path: "\(home.environments)/.\(UUID().uuidString)")
        defer { try? files.removeItem(atPath: draft.path) }

        let created = try await ChildProcess.run(
            [interpreter.path, "-I", "-m", "venv", draft.path], environment: PythonInterpreter.commandEnvironment)
        guard created.status == 0 else {
            throw EnvironmentFailure.ofVenv(output: created.output, interpreter: interpreter)
        }
        let requirements = "\(draft.path)/requirements.txt"
        try Data(packages.requirements.utf8).write(to: URL(fileURLWithPath: requirements))
        let installed = try await ChildProcess.run(
            [
                draft.python, "-I", "-m", "pip", "install", "--quiet", "--require-hashes", "--only-binary", ":all:", "--no-input",
                "--disable-pip-version-check", "--progress-bar", "off", "--retries", "2", "-r", requirements,
            ], environment: PythonInterpreter.commandEnvironment)
        guard installed.status == 0 else { throw EnvironmentFailure.ofPip(output: installed.output) }
        try Data(marker.utf8).write(to: URL(fileURLWithPath: "\(draft.path)/\(Self.markerName)"))

        // What has a wrong marker isn't in use by us. Scripts in `bin` name the draft's path; only `bin/python3` is
        // used, which finds its packages from where it is.
        if files.fileExists(atPath: path) {
            try files.moveItem(atPath: path, toPath: "\(home.environments)/.broken-\(UUID().uuidString)")
        }
        try files.moveItem(atPath: draft.path, toPath: path)
    }

    /// FNV-1a, 64 bits. It only has to tell apart the few lists that one machine ever sees; the marker decides.
    private static func fingerprint(_ text: String) -> String {
        let hash = text.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        return String(hash, radix: 16)
    }
}
