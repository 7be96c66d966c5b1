import Foundation

/// A program that is run to its end. It reads nothing, and is killed at a time limit and where the task is cancelled.
struct ChildProgram: Sendable {
    enum End: Sendable, Equatable {
        case exited(Int32)
        case signalled(Int32)
        case timedOut
    }

    struct Result: Sendable {
        var end: End
        var output: Data
        var errors: Data

        /// What it printed, in whole lines at most `count` from the end.
        func tail(_ count: Int) -> String {
            let text = String(decoding: output, as: UTF8.self) + String(decoding: errors, as: UTF8.self)
            return text.split(whereSeparator: \.isNewline).suffix(count).joined(separator: "\n")
        }
    }

    var path: String
    var arguments: [String]
    var environment: [String: String]

    /// - Throws: ``ArtifactError/cannotStart(program:reason:)``, `CancellationError`
    func run(limit: Duration) async throws -> Result {
        let scratch = FileManager.default.temporaryDirectory.appending(path: "immutable-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: scratch) }
        // Files rather than pipes: nothing fills up, however much it prints.
        let (output, errors) = (scratch.appending(path: "output"), scratch.appending(path: "errors"))
        let end = try await end(output: try Self.create(output), errors: try Self.create(errors), limit: limit)
        return Result(end: end, output: try Data(contentsOf: output), errors: try Data(contentsOf: errors))
    }

    private func end(output: FileHandle, errors: FileHandle, limit: Duration) async throws -> End {
        let (ends, continuation) = AsyncStream<End>.makeStream()
        let process = Process()
        process.executableURL = URL(filePath: path)
        process.arguments = arguments
        process.environment = environment
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = errors
        process.terminationHandler = { process in
            continuation.yield(
                process.terminationReason == .exit ? .exited(process.terminationStatus) : .signalled(process.terminationStatus))
            continuation.finish()
        }
        do {
            try process.run()
        } catch {
            // Foundation's own words leave out what the system said.
            let cause = (error as? CocoaError)?.underlying ?? error
            throw ArtifactError.cannotStart(program: path, reason: cause.localizedDescription)
        }
        let pid = process.processIdentifier
        let killer = Task {
            try await Task.sleep(for: limit)
            continuation.yield(.timedOut)
            kill(pid, SIGKILL)
        }
        defer { killer.cancel() }
        var first: End?
        for await end in ends { first = first ?? end }
        guard let first, !Task.isCancelled else {
            kill(pid, SIGKILL)
            throw CancellationError()
        }
        return first
    }

    private static func create(_ file: URL) throws -> FileHandle {
        try Data().write(to: file)
        return try FileHandle(forWritingTo: file)
    }
}

/// Where programs are found.
struct SearchPath: Sendable {
    var directories: [String]

    init(environment: [String: String]) {
        directories = (environment["PATH"] ?? "").split(separator: ":").map(String.init)
    }

    func find(_ name: String) -> String? {
        directories.map { $0 + "/" + name }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }
}
