import AWS
import EventSourcing
import EventStore
import StackRuntime

/// The application of the simulated stack: counters that count to a limit.
enum Application {
    static let limit = 4

    /// Names of streams, so that the first ones are on different shards.
    static func streams(on shards: ShardMap) -> [String] {
        let names = ["a", "b", "c", "d", "e", "f"]
        guard shards.count > 1, let other = names.dropFirst().first(where: { shards.shard(of: $0) != shards.shard(of: "a") }) else {
            return names
        }
        return ["a", other] + names.dropFirst().filter { $0 != other }
    }

    static func type(in release: String, transforms: Bool) -> String { release == "r2" && transforms ? "Counted" : "Added" }

    struct Added: EventPayload {
        static let type = "Added"
        var number: Int
        var typeName: String

        private enum CodingKeys: String, CodingKey { case number }

        init(number: Int, typeName: String) {
            self.number = number
            self.typeName = typeName
        }

        init(from decoder: any Decoder) throws {
            number = try decoder.container(keyedBy: CodingKeys.self).decode(Int.self, forKey: .number)
            typeName = Self.type
        }
    }

    /// Adds `events` events where the limit is not reached; with 0 it asks for the count.
    static func command(
        _ stream: String, events: Int, release: String, transforms: Bool, sabotage: Sabotage? = nil
    ) -> PreparedCommand {
        let type = type(in: release, transforms: transforms)
        return PreparedCommand(aggregateId: stream) { history in
            if let foreign = history.first(where: { $0.type != type }) {
                throw UnreadableEvent(position: foreign.position, type: foreign.type, reason: "not of this release")
            }
            let told = answer(sabotage == .untrueAnswers ? noCount : history.count)
            if events == 0 { return .accept([], Answer(200, told)) }
            if history.count >= limit { return .refuse(Answer(409, told)) }
            let acknowledged = answer(sabotage == .misplacedAnswers ? noCount : history.count)
            return .accept((0..<events).map { Added(number: history.count + 1 + $0, typeName: type) }, Answer(201, acknowledged))
        }
    }

    /// No stream has as many events.
    private static let noCount = 100

    private static func answer(_ count: Int) -> Value { ["count": .string(String(count))] }

    struct Renaming: ReversibleTransform {
        static func forward(_ event: StoredEvent) -> Conversion {
            .replace(ConvertedEvent(type: "Counted", schema: event.schema, data: event.data))
        }

        static func reverse(_ event: StoredEvent) -> Conversion {
            .replace(ConvertedEvent(type: "Added", schema: event.schema, data: event.data))
        }
    }

    static func transform(_ transforms: Bool) -> AnyTransform { transforms ? AnyTransform(Renaming.self) : .identity }

    /// Per stream how many events it has and which is the last; and over all streams how many.
    static let projection = AnyProjection(
        name: "Summary", documentIDs: { [$0.aggregateId, "all"] },
        apply: { event, fields, id in
            let count = (fields?["count"]?.string.flatMap { Int($0) } ?? 0) + 1
            var fields: [String: Value] = ["id": .string(id), "count": .string(String(count))]
            if id != "all" { fields["last"] = .string(event.eventId) }
            return fields
        })

    struct Mailer: Reactor {
        static let name = "Mailer"
        static func effects(of event: StoredEvent) -> [Effect] {
            [.email(Email(to: event.eventId, subject: event.position, body: ""))]
        }
    }

    /// The release whose events a table holds.
    static func release(ofEvents table: String) -> String? {
        switch table {
        case "s-r1-events": "r1"
        case "s-r2-events": "r2"
        default: nil
        }
    }
}
