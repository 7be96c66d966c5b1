import Foundation

/// What a drill runs.
enum Products {
    static let names = ["immutable", "OrdersFunctions", "OrdersV2Functions"]

    /// Builds them as the user would.
    /// - Returns: the folder that they are in.
    static func build(_ root: String) async throws -> String {
        let log = FileManager.default.temporaryDirectory.appending(path: "fire-drill-build-\(UUID().uuidString)")
        defer { for kind in ["out", "err"] { try? FileManager.default.removeItem(at: log.appendingPathExtension(kind)) } }
        func swift(_ arguments: [String]) async throws -> String {
            let program = try Program(
                "/usr/bin/env", ["swift", "build", "--package-path", root] + arguments, environment: ProcessInfo.processInfo.environment,
                log: log)
            guard let end = try await program.end(within: .seconds(3_600)), end.status == 0 else {
                throw BuildFailed(arguments: arguments, said: program.errors)
            }
            return end.output
        }
        for name in names { _ = try await swift(["--product", name]) }
        return try await swift(["--show-bin-path"]).trimmingCharacters(in: .whitespacesAndNewlines)
    }
}

struct BuildFailed: Error, CustomStringConvertible {
    var arguments: [String]
    var said: String

    var description: String {
        "`swift build \(arguments.joined(separator: " "))` failed: \(said.suffix(2_000))\nhint: build first, or name a folder with --products"
    }
}

/// The folder of this project, which has the example stacks.
enum ProjectRoot {
    /// Upwards from the current directory, else from the executable.
    static func find() throws -> String {
        let starts = [FileManager.default.currentDirectoryPath, Bundle.main.executablePath ?? "/"]
        for start in starts {
            var folder = URL(filePath: start).resolvingSymlinksInPath()
            while folder.pathComponents.count > 1 {
                if FileManager.default.fileExists(atPath: folder.path + "/stacks/orders-v2/Stack.swift") { return folder.path }
                folder.deleteLastPathComponent()
            }
        }
        throw NoProject(directory: starts[0])
    }
}

struct NoProject: Error, CustomStringConvertible {
    var directory: String

    var description: String { "neither \(directory) nor a folder above it has stacks/orders-v2.\nhint: run it in a clone of the project" }
}
