/// What must be done although the command is being cancelled: lifting seals, giving the lock back.
package enum Uncancelled {
    /// Where such work runs; `nil`: where every task does. A new task doesn't inherit its creator's executor.
    @TaskLocal package static var executor: (any TaskExecutor)?

    /// Runs `body` to its end in a task of its own.
    static func run<T: Sendable>(_ body: @escaping @Sendable () async throws -> T) async throws -> T {
        try await Task(executorPreference: executor, operation: body).value
    }
}
