/// Work on many streams, or parts of a batch, some at a time.
enum Streams {
    /// Runs `body` for each, at most `width` at once. Each is tried; the first error is thrown at the end.
    static func forEach<Element: Sendable>(
        _ elements: [Element], width: Int = 8, _ body: @escaping @Sendable (Element) async throws -> Void
    ) async throws {
        let failure = await withTaskGroup(of: (any Error)?.self) { group in
            var waiting = elements.makeIterator()
            var first: (any Error)?
            func startNext() {
                guard let element = waiting.next() else { return }
                group.addTask {
                    do {
                        try await body(element)
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
