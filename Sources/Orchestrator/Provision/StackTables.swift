import AWS
import EventStore

/// The tables of a stack that survive its releases.
struct StackTables: Sendable {
    let names: StackNames

    private var tags: [String: String] { [ReleaseTags.stack: names.stack] }

    var resources: [any Resource] {
        [
            Table(
                definition: DynamoDB.TableDefinition(
                    name: names.ledger, hashKey: .string("shard"), rangeKey: .string("item"), deletionProtection: true, tags: tags)),
            Table(
                definition: DynamoDB.TableDefinition(
                    name: names.effects, hashKey: .string("reactor"), rangeKey: .string("eventId"), deletionProtection: true, tags: tags)),
        ]
    }
}
