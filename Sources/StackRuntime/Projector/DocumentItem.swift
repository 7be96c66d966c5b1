import AWS
import EventSourcing

/// A document as an item: its fields are native attributes, the hash key is `id`, and our own attributes begin with `_`.
enum DocumentItem {
    /// `event`: the position of the last event that changed the document.
    static func item(_ fields: [String: Value], id: String, revision: Int, event: String) -> Item {
        var item = fields.mapValues(AttributeValue.init(document:))
        item["id"] = .s(id)
        item["_revision"] = .int(revision)
        item["_event"] = .s(event)
        return item
    }

    /// The fields without our own attributes.
    static func visible(_ item: Item) -> [String: Value] {
        item.filter { !$0.key.hasPrefix("_") }.mapValues(Value.init(attribute:))
    }
}

extension AttributeValue {
    init(document value: Value) {
        switch value {
        case .null: self = .null
        case .bool(let value): self = .bool(value)
        case .number(let value): self = .n("\(value)")
        case .string(let value): self = .s(value)
        case .list(let values): self = .l(values.map(AttributeValue.init(document:)))
        case .object(let fields): self = .m(fields.mapValues(AttributeValue.init(document:)))
        }
    }
}
