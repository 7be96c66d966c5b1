// A build without tests has no Testing.
#if canImport(Testing)
    import AWS
    import Testing

    extension Trait where Self == LocalCloudTurn {
        /// The suite's tests ask the shared local cloud, a few of the process at a time.
        package static var localCloud: Self { LocalCloudTurn() }
    }

    /// One process serves every test. Were they all let at it at once, each call would wait behind the calls of a hundred others, and a
    /// limit in time that a test hands to the code under test would measure the queue.
    package struct LocalCloudTurn: SuiteTrait, TestTrait, TestScoping {
        package var isRecursive: Bool { true }

        package func provideScope(for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void) async throws
        {
            try await Self.gate.pass(function)
        }

        private static let gate = Gate(12)
    }
#endif
