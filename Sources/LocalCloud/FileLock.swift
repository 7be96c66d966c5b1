import Foundation

/// A lock between processes, by `flock(2)`: it ends with the process that holds it.
enum FileLock {
    static func holding<Result: Sendable>(
        _ path: String, deadline: Duration, progress: @Sendable (String) -> Void = { _ in },
        _ body: @Sendable () async throws -> Result
    ) async throws -> Result {
        let directory = URL(fileURLWithPath: path).deletingLastPathComponent().path
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        // Closed on exec: a child that inherited it would hold the lock.
        let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw LocalCloudError.system(call: "open \(path)", code: errno) }
        defer { close(file) }
        let clock = ContinuousClock()
        let end = clock.now + deadline
        var waited = false
        while flock(file, LOCK_EX | LOCK_NB) != 0 {
            guard errno == EWOULDBLOCK || errno == EINTR else {
                throw LocalCloudError.system(call: "flock \(path)", code: errno)
            }
            guard clock.now < end else { throw LocalCloudError.locked(path: path, waited: deadline) }
            if !waited { progress("waiting for another process that starts the local cloud (\(path))") }
            waited = true
            try await Task.sleep(for: .milliseconds(50))
        }
        return try await body()
    }
}
