import Testing

@testable import AWS

@Suite struct WaiterTests {
    @Test func `a condition is polled with growing pauses until it is met`() async throws {
        let clock = TestClock()
        var polls = 0
        try await waitUntil("it", poll: Backoff(first: .seconds(1), factor: 2, longest: .seconds(3)), clock: clock.clock()) {
            polls += 1
            return polls == 5
        }
        #expect(clock.pauses == [.seconds(1), .seconds(2), .seconds(3), .seconds(3)])
    }

    @Test func `at the deadline it is polled once more, and the error says what there is`() async throws {
        let clock = TestClock()
        let error = await #expect(throws: WaiterError.self) {
            try await Waiter("table t to become ACTIVE", deadline: .seconds(4), poll: Backoff(first: .seconds(3)), clock: clock.clock())
                .wait { .notYet("CREATING") }
        }
        #expect(clock.pauses == [.seconds(3), .seconds(1)])
        #expect(error?.description == "waited 4.0 seconds for table t to become ACTIVE; it is still CREATING")
    }

    @Test func `what has become impossible is not waited for`() async throws {
        let clock = TestClock()
        let error = await #expect(throws: WaiterError.self) {
            try await Waiter("f", clock: clock.clock()).wait { .impossible("it failed") }
        }
        #expect(error?.description == "waited for f, which can't happen any more: it failed")
        #expect(clock.pauses.isEmpty)
    }
}
