import Foundation

/// A program that is run to its end, or killed at a time limit.
struct Subprocess: Sendable {
    enum End: Sendable, Equatable {
        case exited(Int32)
        case signalled(Int32)
        case timedOut
    }

    struct Result: Sendable {
        var end: End
        /// Its standard output and error, as they came, without white space around.
        var output: String
    }

    /// Of what a program prints, no more than this is read.
    private static let outputLimit = 64 * 1024

    var program: String
    var arguments: [String]
    var environment: [String: String]
    var directory: URL

    /// What the program prints goes to a file in `scratch`, so that no pipe can fill up.
    func run(in scratch: URL, limit: Duration) async throws -> Result {
        let log = scratch.appending(path: "output-\(UUID().uuidString)")
        guard FileManager.default.createFile(atPath: log.path(percentEncoded: false), contents: nil),
            let handle = try? FileHandle(forWritingTo: log)
        else {
            throw ManifestError.unreadableFile(path: log.path(percentEncoded: false), reason: "it can't be created")
        }
        defer { try? handle.close() }
        let end = try await end(output: handle, limit: limit)
        return Result(end: end, output: Self.text(of: log))
    }

    private func end(output: FileHandle, limit: Duration) async throws -> End {
        let (ends, continuation) = AsyncStream<End>.makeStream()
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        process.environment = environment
        process.currentDirectoryURL = directory
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = output
        process.terminationHandler = { process in
            let status = process.terminationStatus
            continuation.yield(process.terminationReason == .exit ? .exited(status) : .signalled(status))
            continuation.finish()
        }
        do {
            try process.run()
        } catch {
            // Foundation's own words leave out what the system said.
            let cause = (error as? CocoaError)?.underlying ?? error
            throw ManifestError.cannotStart(program: program, reason: cause.localizedDescription)
        }
        let pid = process.processIdentifier
        let killer = Task {
            try await Task.sleep(for: limit)
            continuation.yield(.timedOut)
            kill(pid, SIGKILL)
        }
        defer { killer.cancel() }

        // At the limit two ends arrive: the limit itself, then that of the killed process.
        var first: End?
        for await end in ends { first = first ?? end }
        guard let first, !Task.isCancelled else {
            kill(pid, SIGKILL)
            throw CancellationError()
        }
        return first
    }

    private static func text(of log: URL) -> String {
        guard let handle = try? FileHandle(forReadingFrom: log),
            let data = try? handle.read(upToCount: outputLimit)
        else { return "" }
        return String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }
}
