import AWS
import ArgumentParser
import EventStore
import Orchestrator
import Traffic

/// A fault that is planted from outside, to show that it would be found.
enum Sabotage: String, CaseIterable, Sendable, ExpressibleByArgument {
    /// The last event of a finished order is deleted from the events table.
    case loseEvent = "lose-event"
    /// One more mail tells that an order was received.
    case doubleMail = "double-mail"
    /// For a moment the functions behind an address may not run.
    case failRequest = "fail-request"

    /// While the traffic runs.
    func plantUnderTraffic(_ traffic: Traffic, in cloud: Cloud, names: ReleaseNames) async throws -> String? {
        guard self == .failRequest else { return nil }
        let function = names.function("place-order")
        let before = traffic.counts.failed
        try await cloud.lambda.putConcurrency(function, reserved: 0)
        do {
            let end = ContinuousClock.now + .seconds(10)
            while traffic.counts.failed == before, ContinuousClock.now < end { try await Task.sleep(for: .milliseconds(5)) }
        } catch {
            // Interrupted; with --keep the local AWS stays, and should work.
            try? await cloud.lambda.putConcurrency(function, reserved: nil)
            throw error
        }
        try await cloud.lambda.putConcurrency(function, reserved: nil)
        return "for a moment \(function) was not allowed to run"
    }

    /// Between the traffic's end and the audit.
    func plantBeforeAudit(
        _ finished: (orderId: String, version: Int), in cloud: Cloud, names: ReleaseNames, sender: String
    ) async throws -> String? {
        switch self {
        case .failRequest: return nil
        case .loseEvent:
            let key: Item = ["aggregateId": .s(finished.orderId), "version": .n("\(finished.version)")]
            try await cloud.dynamo.write(.delete(names.events, key))
            return "version \(finished.version) of order \(finished.orderId) was deleted from \(names.events)"
        case .doubleMail:
            let subject = "Order \(finished.orderId) received"
            try await cloud.ses.sendEmail(from: sender, to: ["customer@example.org"], subject: subject, text: "once more")
            return "one more mail '\(subject)' was sent"
        }
    }
}
