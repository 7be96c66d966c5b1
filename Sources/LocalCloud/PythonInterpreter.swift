import Foundation

/// The Python that the environment is made with.
struct PythonInterpreter: Sendable {
    let path: String
    /// `3.11`
    let version: String

    /// The oldest that MiniStack runs on.
    static let oldest = (major: 3, minor: 10)

    static var searchPath: String {
        ProcessInfo.processInfo.environment["PATH"].flatMap { $0.isEmpty ? nil : $0 } ?? "/usr/local/bin:/usr/bin:/bin"
    }

    /// The first on the search path that is new enough; `IMMUTABLE_PYTHON` names another.
    static func find(
        searchPath: String = searchPath,
        chosen: String? = ProcessInfo.processInfo.environment["IMMUTABLE_PYTHON"],
        version: (String) async throws -> (major: Int, minor: Int)? = version(of:)
    ) async throws -> PythonInterpreter {
        let names = ["python3", "python3.14", "python3.13", "python3.12", "python3.11", "python3.10"]
        let directories = searchPath.split(separator: ":").map(String.init)
        let candidates = chosen.map { [$0] } ?? names.flatMap { name in directories.map { "\($0)/\(name)" } }
        var tooOld: [String] = []
        for path in candidates where FileManager.default.isExecutableFile(atPath: path) {
            guard let version = try await version(path) else { continue }
            if version >= oldest {
                return PythonInterpreter(path: path, version: "\(version.major).\(version.minor)")
            }
            tooOld.append("\(path) is \(version.major).\(version.minor)")
        }
        throw LocalCloudError.noPython(searched: chosen ?? searchPath, tooOld: tooOld)
    }

    /// Nil if it can't be run: a broken link of a version manager isn't a Python.
    static func version(of path: String) async throws -> (major: Int, minor: Int)? {
        let program = "import sys; print(*sys.version_info[:2])"
        let result: (status: Int32, output: String)
        do {
            result = try await ChildProcess.run([path, "-I", "-c", program], environment: commandEnvironment)
        } catch LocalCloudError.system {
            return nil
        }
        let numbers = result.output.split(whereSeparator: \.isWhitespace).compactMap { Int($0) }
        guard result.status == 0, numbers.count == 2 else { return nil }
        return (numbers[0], numbers[1])
    }

    /// Our own environment, in which pip finds its index, proxy and certificates, without what would lead Python or
    /// pip out of the virtual environment.
    static var commandEnvironment: [String: String] {
        let misleading: Set = [
            "PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV", "PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT",
            "PIP_REQUIREMENT", "PIP_CONSTRAINT", "PIP_NO_BINARY", "__PYVENV_LAUNCHER__",
        ]
        return ProcessInfo.processInfo.environment.filter { !misleading.contains($0.key) }
    }
}
