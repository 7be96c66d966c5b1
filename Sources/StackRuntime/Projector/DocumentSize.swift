import EventSourcing
import EventStore

extension IndexedDocument {
    /// About the bytes of its fields.
    var size: Int { Self.size(fields ?? [:]) }

    private static func size(_ fields: [String: Value]) -> Int { fields.reduce(0) { $0 + $1.key.utf8.count + size($1.value) } }

    private static func size(_ value: Value) -> Int {
        switch value {
        case .null, .bool: 1
        case .number: 20
        case .string(let text): text.utf8.count
        case .list(let values): values.reduce(3) { $0 + 1 + size($1) }
        case .object(let fields): size(fields) + 3
        }
    }
}
