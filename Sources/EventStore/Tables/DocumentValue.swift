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
