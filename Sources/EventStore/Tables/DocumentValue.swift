import AWS
import EventSourcing
#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension Value {
    /// An attribute of a document as a JSON value; binary and set attributes, which no projection writes, as text and lists.
    public init(attribute: AttributeValue) {
        switch attribute {
        case .null: self = .null
        case .bool(let value): self = .bool(value)
        case .n(let text): self = Decimal(string: text).map { .number($0) } ?? .string(text)
        case .s(let value): self = .string(value)
        case .l(let values): self = .list(values.map(Value.init(attribute:)))
        case .m(let fields): self = .object(fields.mapValues(Value.init(attribute:)))
        default: self = .string("\(attribute)")
        }
    }
}

extension Value {
    /// A field of a document in a search index.
    public init(json: JSON) {
        switch json {
        case .null: self = .null
        case .bool(let value): self = .bool(value)
        case .number(let text): self = Decimal(string: text).map { .number($0) } ?? .string(text)
        case .string(let value): self = .string(value)
        case .array(let values): self = .list(values.map(Value.init(json:)))
        case .object(let fields): self = .object(fields.mapValues(Value.init(json:)))
        }
    }
}

extension JSON {
    /// As a search index keeps it.
    public init(document value: EventSourcing.Value) {
        switch value {
        case .null: self = .null
        case .bool(let value): self = .bool(value)
        case .number(let value): self = .number("\(value)")
        case .string(let value): self = .string(value)
        case .list(let values): self = .array(values.map(JSON.init(document:)))
        case .object(let fields): self = .object(fields.mapValues(JSON.init(document:)))
        }
    }
}
