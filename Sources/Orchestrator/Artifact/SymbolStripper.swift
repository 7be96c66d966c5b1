import Foundation

/// Takes the symbols out of a copy of an executable: a debug build has more than Lambda takes.
struct SymbolStripper: Sendable {
    let tool: String
    private let arguments: [String]
    private let environment: [String: String]

    /// The first of strip, llvm-strip and llvm-objcopy that is on the `PATH` or beside swiftc; nil without any.
    init?(environment: [String: String]) {
        var path = SearchPath(environment: environment)
        if let swiftc = path.find("swiftc") {
            path.directories.append(URL(filePath: swiftc).resolvingSymlinksInPath().deletingLastPathComponent().path(percentEncoded: false))
        }
        for (name, arguments) in [("strip", []), ("llvm-strip", []), ("llvm-objcopy", ["--strip-all"])] {
            if let tool = path.find(name) {
                self.tool = tool
                self.arguments = arguments
                self.environment = environment
                return
            }
        }
        return nil
    }

    /// The executable without symbols; nil where the tool can't do that.
    func strip(_ executable: String) async throws -> [UInt8]? {
        let copy = FileManager.default.temporaryDirectory.appending(path: "immutable-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: copy) }
        try FileManager.default.copyItem(at: URL(filePath: executable).resolvingSymlinksInPath(), to: copy)
        let result = try await ChildProgram(
            path: tool, arguments: arguments + [copy.path(percentEncoded: false)], environment: environment
        ).run(limit: .seconds(300))
        guard result.end == .exited(0) else { return nil }
        return Array(try Data(contentsOf: copy))
    }
}
