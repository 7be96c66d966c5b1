import Foundation

@testable import LocalCloud

/// A name that no other test uses.
func freshName() -> String { "test-" + UUID().uuidString.lowercased() }

/// The living processes of a process group.
func members(ofGroup group: Int32) async throws -> [Int32] {
    let result = try await ChildProcess.run(
        ["/bin/sh", "-c", "ps -A -o pid= -o pgid= -o stat="], environment: PythonInterpreter.commandEnvironment)
    return result.output.split(whereSeparator: \.isNewline).compactMap { line in
        let fields = line.split(separator: " ")
        guard fields.count == 3, Int32(fields[1]) == group, !fields[2].hasPrefix("Z") else { return nil }
        return Int32(fields[0])
    }
}

/// A directory that is removed at the end.
func withTemporaryDirectory<Result>(_ body: (String) async throws -> Result) async throws -> Result {
    let directory = FileManager.default.temporaryDirectory.appendingPathComponent(freshName()).path
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: directory) }
    return try await body(directory)
}
