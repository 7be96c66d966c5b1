import Foundation

/// Does what a person does about an effect in doubt: looks whether the mail was sent, and says so.
final class Person: Sendable {
    private let cloud: DrillCloud
    private let setup: DrillSetup

    init(cloud: DrillCloud, setup: DrillSetup) {
        self.cloud = cloud
        self.setup = setup
    }

    private struct Answer: Decodable {
        struct Doubt: Decodable {
            var reactor: String
            var eventId: String
            var position: String
            var type: String
        }
        var inDoubt: [Doubt]
    }

    /// Resolves each effect that is in doubt now.
    func resolve() async throws {
        let listed = try await immutable("effects", DrillCloud.stack, "--format", "json")
        guard listed.status == 0, let answer = try? JSONDecoder().decode(Answer.self, from: Data(listed.output.utf8)) else {
            throw Finding("`immutable effects` ended with \(listed.status): \(listed.errors)")
        }
        for doubt in answer.inDoubt {
            let order = doubt.position.prefix { $0 != "@" }
            let subject = "Order \(order) \(doubt.type == "OrderShipped" ? "shipped" : "received")"
            let wasSent = try await cloud.mails().contains(subject)
            let name = "\(doubt.reactor)/\(doubt.eventId)"
            let end = try await immutable("effects", DrillCloud.stack, wasSent ? "--done" : "--retry", name)
            setup.tally.inDoubt(wasSent: wasSent)
            setup.story.say("in doubt: '\(subject)', \(wasSent ? "which was sent" : "which was not sent")")
            if end.status == 0 { continue }
            guard !wasSent, end.errors.contains("is gone") else {
                throw Finding("`immutable effects` ended with \(end.status): \(end.errors)")
            }
            try await cloud.send(mail: subject)
            let done = try await immutable("effects", DrillCloud.stack, "--done", name)
            if done.status != 0 { throw Finding("`immutable effects --done` ended with \(done.status): \(done.errors)") }
        }
    }

    private func immutable(_ arguments: String...) async throws -> Program.End {
        let program = try Program(
            setup.products + "/immutable", arguments, environment: cloud.environment(endpoint: cloud.instance.endpoint),
            log: setup.logs.appending(path: "effects"))
        guard let end = try await program.end(within: .seconds(60)) else {
            throw Finding("`immutable effects` did not end within a minute")
        }
        return end
    }
}
