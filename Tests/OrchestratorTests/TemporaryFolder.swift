import Foundation

/// A folder that is removed at the end.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "orchestrator-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        path = folder.path(percentEncoded: false)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// - Returns: the file's path.
    @discardableResult
    func write(_ name: String, _ bytes: some Sequence<UInt8>, executable: Bool = false) throws -> String {
        let file = URL(filePath: path).appending(path: name)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: file)
        if executable { try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path(percentEncoded: false)) }
        return file.path(percentEncoded: false)
    }

    /// A program. Another process writes it: while this one has it open for writing, a program that another test starts
    /// inherits the open file, and until it is under way the script is busy (ETXTBSY).
    @discardableResult
    func script(_ name: String, _ text: String) throws -> String {
        let source = try write(name + ".text", "#!/bin/sh\n\(text)\n".utf8, executable: true)
        let script = source.dropLast(".text".count)
        let copy = try Process.run(URL(filePath: "/bin/cp"), arguments: ["-p", source, String(script)])
        copy.waitUntilExit()
        guard copy.terminationStatus == 0 else { throw CocoaError(.fileWriteUnknown, userInfo: [NSFilePathErrorKey: String(script)]) }
        try FileManager.default.removeItem(atPath: source)
        return String(script)
    }
}
