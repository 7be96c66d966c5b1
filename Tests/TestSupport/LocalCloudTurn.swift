// A build without tests has no Testing.
#if canImport(Testing)
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
            await Turns.shared.take()
            do {
                try await function()
            } catch {
                await Turns.shared.giveBack()
                throw error
            }
            await Turns.shared.giveBack()
        }
    }

    private actor Turns {
        static let shared = Turns(12)

        private var free: Int
        private var waiting: [CheckedContinuation<Void, Never>] = []

        init(_ width: Int) { free = width }

        func take() async {
            if free > 0 {
                free -= 1
            } else {
                await withCheckedContinuation { waiting.append($0) }
            }
        }

        func giveBack() {
            if waiting.isEmpty {
                free += 1
            } else {
                waiting.removeFirst().resume()
            }
        }
    }
#endif
