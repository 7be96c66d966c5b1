/// What the output of a failed `venv` or `pip` says about its cause.
enum EnvironmentFailure {
    static func ofVenv(output: String, interpreter: PythonInterpreter) -> LocalCloudError {
        if output.contains("ensurepip") || output.contains("No module named venv") {
            return .noVenvModule(python: interpreter.path, version: interpreter.version)
        }
        return .environmentFailed(step: "python3 -m venv", output: tail(output))
    }

    static func ofPip(output: String) -> LocalCloudError {
        if output.contains("DO NOT MATCH THE HASHES") { return .hashMismatch(output: tail(output)) }
        let signs = [
            "NewConnectionError", "Max retries exceeded", "Connection broken", "ConnectTimeout", "ReadTimeout",
            "Temporary failure in name resolution", "Network is unreachable", "ProxyError", "SSLError",
            "Could not find a version", "No matching distribution", "Connection refused", "timed out",
        ]
        if signs.contains(where: output.contains) { return .indexUnreachable(output: tail(output)) }
        return .environmentFailed(step: "pip install", output: tail(output))
    }

    private static func tail(_ output: String) -> String {
        output.split(whereSeparator: \.isNewline).suffix(12).joined(separator: "\n")
    }
}
