/// Work on many streams, some at a time.
enum Streams {
    /// Runs `body` for each stream, at most `width` at once. Every stream is tried; the first error is thrown at the end.
    static func forEach(
        _ streams: [String], width: Int = 8, _ body: @escaping @Sendable (String) async throws -> Void
    ) async throws {
        let failure = await withTaskGroup(of: (any Error)?.self) { group in
            var waiting = streams.makeIterator()
            var first: (any Error)?
            func startNext() {
                guard let stream = waiting.next() else { return }
                group.addTask {
                    do {
                        try await body(stream)
                        return nil
                    } catch {
                        return error
                    }
                }
            }
            for _ in 0..<width { startNext() }
            while let error = await group.next() {
                if first == nil { first = error }
                startNext()
            }
            return first
        }
        if let failure { throw failure }
    }
}
