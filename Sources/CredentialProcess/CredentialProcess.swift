import AWS
import Foundation

/// A profile's `credential_process`: a shell command that prints credentials. What it prints is never written to a file.
public enum CredentialProcess {
    private static let deadline = Duration.seconds(60)

    /// - Returns: what it printed.
    /// - Throws: `CredentialsError` where it can't be run, fails, or takes longer than a minute.
    public static func run(_ command: String) async throws -> [UInt8] {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", command]
        let output = Pipe()
        process.standardOutput = output
        process.standardInput = FileHandle.nullDevice
        let identifier: Int32
        do {
            try process.run()
            identifier = process.processIdentifier
        } catch {
            throw CredentialsError("credential_process '\(command)' can't be run: \(error)", hint: "run it by hand")
        }
        let timer = Task {
            try await Task.sleep(for: deadline)
            kill(identifier, SIGTERM)
        }
        defer { timer.cancel() }
        // Reading ends when the command closes its output, and then it ends, so that waiting is short. Its own thread, as both block.
        let reader = output.fileHandleForReading
        let (data, status) = await withCheckedContinuation { (done: CheckedContinuation<(Data, Int32), Never>) in
            let waiting = ProcessToWaitFor(process: process)
            Thread.detachNewThread {
                let data = reader.readDataToEndOfFile()
                waiting.process.waitUntilExit()
                done.resume(returning: (data, waiting.process.terminationStatus))
            }
        }
        guard status == 0 else {
            throw CredentialsError(
                "credential_process '\(command)' failed with status \(status)", hint: "run it by hand to see why")
        }
        return Array(data)
    }
}

/// The process is started before it is handed over, and touched by one thread only afterwards.
private struct ProcessToWaitFor: @unchecked Sendable {
    let process: Process
}
