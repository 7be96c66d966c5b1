/// Writes an item's JSON attribute by attribute. Equal calls give equal bytes; given in the order of their names, the same as ``EncodedItem/init(_:)``.
public struct EncodedItemWriter: Sendable {
    private var writer: JSONWriter
    private var isFirst = true

    /// - Parameter capacity: about how many bytes the item will have.
    public init(capacity: Int) {
        writer = JSONWriter(capacity: capacity)
        writer.literal("{")
    }

    public mutating func string(_ name: StaticString, _ value: String) {
        open(name)
        writer.literal("{\"S\":")
        writer.string(value)
        writer.literal("}")
    }

    public mutating func number(_ name: StaticString, _ value: Int) {
        open(name)
        writer.literal("{\"N\":\"")
        writer.digits(value)
        writer.literal("\"}")
    }

    /// A value that is encoded already, `{"S":"text"}`.
    public mutating func value(_ name: StaticString, _ json: ArraySlice<UInt8>) {
        open(name)
        writer.literal(json)
    }

    /// A text that is escaped already, a separator and a number: `{"S":"text@7"}`.
    public mutating func string(_ name: StaticString, escaped text: ArraySlice<UInt8>, _ separator: StaticString, _ number: Int) {
        open(name)
        writer.literal("{\"S\":\"")
        writer.literal(text)
        writer.literal(separator)
        writer.digits(number)
        writer.literal("\"}")
    }

    public consuming func finish() -> EncodedItem {
        writer.literal("}")
        return EncodedItem(json: writer.bytes[...])
    }

    private mutating func open(_ name: StaticString) {
        writer.literal(isFirst ? "\"" : ",\"")
        isFirst = false
        writer.literal(name)
        writer.literal("\":")
    }
}
