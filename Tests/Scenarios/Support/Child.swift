import AWS
import Foundation
import TestSupport

/// A program in a process of its own, as a user or a pipeline would run it. It has no terminal and reads nothing.
struct Child: Sendable {
    /// How a program ended, and what it printed.
    struct End: Sendable, CustomStringConvertible {
        var command: String
        /// The exit status; 128 + the signal where one ended it.
        var status: Int32
        var output: String
        var errors: String

        var description: String { "\(command) ended with \(status)\n\(output)\n\(errors)" }
    }

    let command: String
    let pid: Int32
    private let outputFile: URL
    private let errorFile: URL
    private let exit: Task<Int32, Never>

    /// - Parameter scratch: a directory for what it prints.
    static func start(_ program: String, _ arguments: [String], environment: [String: String], scratch: URL) throws -> Child {
        let id = UUID().uuidString
        // Files rather than pipes: nothing fills up, and whoever was killed leaves what it had said.
        let (output, errors) = (scratch.appending(path: "\(id).out"), scratch.appending(path: "\(id).err"))
        try Data().write(to: output)
        try Data().write(to: errors)
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        process.environment = environment
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = try FileHandle(forWritingTo: errors)
        let (ends, continuation) = AsyncStream<Int32>.makeStream()
        process.terminationHandler = { process in
            continuation.yield(process.terminationStatus + (process.terminationReason == .exit ? 0 : 128))
            continuation.finish()
        }
        try process.run()
        let name = URL(filePath: program).lastPathComponent
        return Child(
            command: ([name] + arguments).joined(separator: " "), pid: process.processIdentifier, outputFile: output, errorFile: errors,
            exit: Task { await ends.first { _ in true } ?? -1 })
    }

    /// What it has printed on stderr up to now.
    var errors: String { Self.text(errorFile) }

    /// `kill -9`. Only for a process that ``end(within:)`` wasn't called on: until then its id is not given to another.
    func kill() { Foundation.kill(pid, SIGKILL) }

    var isRunning: Bool { Foundation.kill(pid, 0) == 0 && !Self.isZombie(pid) }

    /// - Throws: ``TookTooLong``, having killed it.
    func end(within limit: Duration = .seconds(180)) async throws -> End {
        var waited: (any Error)?
        do {
            try await until("the end of \(command)", within: limit) { !isRunning }
        } catch {
            waited = error
            kill()
        }
        let end = End(command: command, status: await exit.value, output: Self.text(outputFile), errors: errors)
        if waited is WaiterError { throw TookTooLong(what: "\(end)", limit: limit) }
        if let waited { throw waited }
        return end
    }

    private static func text(_ file: URL) -> String { String(decoding: (try? Data(contentsOf: file)) ?? Data(), as: UTF8.self) }

    /// A process that has ended and wasn't waited for yet.
    private static func isZombie(_ pid: Int32) -> Bool {
        guard let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8), let end = stat.lastIndex(of: ")") else {
            return false
        }
        return stat[end...].dropFirst(2).first == "Z"
    }
}

struct TookTooLong: Error, CustomStringConvertible {
    var what: String
    var limit: Duration

    var description: String { "not within \(limit): \(what)" }
}
