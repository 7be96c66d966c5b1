import AWS

/// Waits for a condition.
/// - Throws: `WaiterError` when the time is over; the condition's own errors.
package func until(
    _ what: String, within limit: Duration = .seconds(120), every interval: Duration = .milliseconds(20),
    _ condition: () async throws -> Bool
) async throws {
    try await waitUntil(what, deadline: limit, poll: Backoff(first: interval, longest: interval), condition: condition)
}
