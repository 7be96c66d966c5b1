import Foundation

/// Builds a product of the package that a manifest is in, in the package's own scratch path, which all builds share.
struct SwiftBuild: Sendable {
    /// The folder of Package.swift.
    let root: String
    let environment: [String: String]
    /// Debug is quick to build; release is what Lambda gets: with the standard library inside, and no symbols.
    let release: Bool

    /// - Throws: ``ArtifactError/noPackage(manifestDirectory:)``
    init(manifestDirectory: String, environment: [String: String], release: Bool) throws {
        var directory = URL(filePath: manifestDirectory).standardizedFileURL
        while !FileManager.default.fileExists(atPath: directory.appending(path: "Package.swift").path(percentEncoded: false)) {
            guard directory.pathComponents.count > 1 else { throw ArtifactError.noPackage(manifestDirectory: manifestDirectory) }
            directory.deleteLastPathComponent()
        }
        root = directory.path(percentEncoded: false)
        // A build has no use for credentials.
        self.environment = environment.filter { !$0.key.hasPrefix("AWS_") }
        self.release = release
    }

    func arguments(product: String) -> [String] {
        ["build", "--package-path", root, "--product", product]
            + (release ? ["-c", "release", "--static-swift-stdlib", "-Xlinker", "-s"] : [])
    }

    /// - Returns: the path of the product's executable.
    /// - Throws: ``ArtifactError``, `CancellationError`
    func build(_ product: String) async throws -> String {
        let arguments = arguments(product: product)
        let command = "swift " + arguments.joined(separator: " ")
        let built = try await swift(arguments)
        guard built.end == .exited(0) else {
            throw ArtifactError.buildFailed(product: product, command: command, output: built.tail(40))
        }
        let shown = try await swift(arguments + ["--show-bin-path"])
        let lines = String(decoding: shown.output, as: UTF8.self).split(whereSeparator: \.isNewline)
        guard shown.end == .exited(0), let directory = lines.last else {
            throw ArtifactError.buildFailed(product: product, command: command + " --show-bin-path", output: shown.tail(40))
        }
        return "\(directory)/\(product)"
    }

    private func swift(_ arguments: [String]) async throws -> ChildProgram.Result {
        guard let swift = SearchPath(environment: environment).find("swift") else { throw ArtifactError.noTool("swift") }
        return try await ChildProgram(path: swift, arguments: arguments, environment: environment).run(limit: .seconds(3600))
    }
}
