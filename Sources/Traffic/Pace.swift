import Synchronization

/// How long clients think between two requests.
final class Pace: Sendable {
    private let pause = Mutex(Duration.zero)

    func set(_ duration: Duration) { pause.withLock { $0 = duration } }

    /// - Throws: `CancellationError`
    func wait() async throws {
        try Task.checkCancellation()
        let duration = pause.withLock { $0 }
        if duration > .zero { try await Task.sleep(for: duration) }
    }
}
