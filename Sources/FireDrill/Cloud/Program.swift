import Foundation
import Synchronization

/// A program in a process of its own, with its output in files.
final class Program: Sendable {
    struct End: Sendable {
        /// The exit status; 128 + the signal where one ended it.
        var status: Int32
        var output: String
        var errors: String
    }

    private let pid: Int32
    private let outputFile: URL
    private let errorFile: URL
    private let exit: Task<Int32, Never>
    private let hasEnded: Ended

    /// Whether its id may have been given to another process.
    private final class Ended: Sendable {
        let value = Mutex(false)
    }

    /// - Parameter log: its standard output and error go to this path with `.out` and `.err`.
    init(_ path: String, _ arguments: [String], environment: [String: String], log: URL) throws {
        outputFile = log.appendingPathExtension("out")
        errorFile = log.appendingPathExtension("err")
        for file in [outputFile, errorFile] { try Data().write(to: file) }
        let process = Process()
        process.executableURL = URL(filePath: path)
        process.arguments = arguments
        process.environment = environment
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try FileHandle(forWritingTo: outputFile)
        process.standardError = try FileHandle(forWritingTo: errorFile)
        let (ends, continuation) = AsyncStream<Int32>.makeStream()
        let ended = Ended()
        process.terminationHandler = { process in
            ended.value.withLock { $0 = true }
            continuation.yield(process.terminationStatus + (process.terminationReason == .exit ? 0 : 128))
            continuation.finish()
        }
        try process.run()
        pid = process.processIdentifier
        hasEnded = ended
        exit = Task { await ends.first { _ in true } ?? -1 }
    }

    /// `kill -9`.
    func kill() {
        hasEnded.value.withLock { ended in
            if !ended { _ = Foundation.kill(pid, SIGKILL) }
        }
    }

    /// What it has printed on stderr up to now.
    var errors: String { Self.text(errorFile) }

    var isRunning: Bool { hasEnded.value.withLock { !$0 } }

    /// Waits for its end; kills it where the task is cancelled or the limit is over.
    /// - Returns: nil: it took too long.
    func end(within limit: Duration) async throws -> End? {
        let timedOut = Ended()
        let killer = Task {
            try await Task.sleep(for: limit)
            timedOut.value.withLock { $0 = true }
            self.kill()
        }
        let status = await withTaskCancellationHandler {
            await exit.value
        } onCancel: {
            kill()
        }
        killer.cancel()
        try Task.checkCancellation()
        if timedOut.value.withLock({ $0 }) { return nil }
        return End(status: status, output: Self.text(outputFile), errors: errors)
    }

    private static func text(_ file: URL) -> String { String(decoding: (try? Data(contentsOf: file)) ?? Data(), as: UTF8.self) }
}
