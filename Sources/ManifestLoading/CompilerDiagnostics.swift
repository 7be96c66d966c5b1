/// Makes the compiler's messages those of the user's file.
enum CompilerDiagnostics {
    static func clean(_ output: String, scratch: String) -> String {
        let lines = output.split(separator: "\n", omittingEmptySubsequences: false)
            .map { $0.replacing(scratch.hasSuffix("/") ? scratch : scratch + "/", with: "") }
            .filter { line in !noise.contains { line.contains($0) } }
        let text = lines.joined(separator: "\n")
        return String(text.reversed().drop { $0.isWhitespace }.reversed())
    }

    /// What the driver says besides its diagnostics.
    private static let noise = [
        "error: fatalError", "error: emit-module command failed", "error: compile command failed",
    ]
}
