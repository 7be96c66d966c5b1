/// An item as its JSON stands on the wire, `{"name":{"S":"text"},…}`: for what passes items on without looking at most of them.
public struct EncodedItem: Sendable, Hashable {
    public let json: ArraySlice<UInt8>

    public init(json: ArraySlice<UInt8>) { self.json = json }

    public init(_ item: Item) { json = AttributeValue.json(item)[...] }

    /// Throws `JSONError` where the bytes are no item.
    public func decoded() throws -> Item { try JSONReader.read(json) { try $0.item() } }

    /// Where an attribute stands in the item's bytes.
    public struct Attribute: Sendable, Hashable {
        /// `S`, `N` or another type's first letter.
        public let type: Unicode.Scalar
        /// Whether the text has escapes.
        public let isEscaped: Bool
        // A page has thousands of these; no answer is larger than 4 GB.
        private let textStart, textEnd, valueStart, valueEnd: UInt32

        /// Of an S or N: its text, between the quotes; else empty.
        public var text: Range<Int> { Int(textStart)..<Int(textEnd) }
        /// The whole value, `{"S":"text"}`.
        public var value: Range<Int> { Int(valueStart)..<Int(valueEnd) }

        init(type: Unicode.Scalar, text: Range<Int>, value: Range<Int>, isEscaped: Bool) {
            self.type = type
            self.isEscaped = isEscaped
            (textStart, textEnd) = (UInt32(text.lowerBound), UInt32(text.upperBound))
            (valueStart, valueEnd) = (UInt32(value.lowerBound), UInt32(value.upperBound))
        }
    }

    /// Calls `visit` with each attribute and its name as that stands there. The name must not be kept. Throws `JSONError` where the bytes are
    /// no item; what is inside of texts, lists and maps isn't looked at.
    public func forEachAttribute(_ visit: (UnsafeBufferPointer<UInt8>, Attribute) throws -> Void) throws {
        let start = json.startIndex
        try JSONReader.read(json) { reader in
            try reader.rawObject { name, reader in
                let attribute = try reader.attribute(from: start)
                try visit(reader.bytes(of: name), attribute)
            }
        }
    }

    /// Appends an attribute's text, without its escapes. Throws `JSONError` for an escape that is none.
    public func appendText(of attribute: Attribute, to bytes: inout [UInt8]) throws {
        guard attribute.isEscaped else { return bytes.append(contentsOf: json[attribute.text]) }
        let start = json.startIndex
        let text = attribute.text.lowerBound - start..<attribute.text.upperBound - start
        try JSONReader.peek(json) { try $0.appendText(of: .init(range: text, isEscaped: true), to: &bytes) }
    }

    public func text(of attribute: Attribute) throws -> String {
        guard attribute.isEscaped else { return String(decoding: json[attribute.text], as: UTF8.self) }
        var bytes: [UInt8] = []
        try appendText(of: attribute, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The number where it is whole and fits, else nil.
    public func integer(of attribute: Attribute) -> Int? {
        guard attribute.type == "N" else { return nil }
        var value = 0
        for byte in json[attribute.text] {
            guard UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte, attribute.text.count < 19 else {
                return AttributeValue.n(String(decoding: json[attribute.text], as: UTF8.self)).int
            }
            value = value * 10 + Int(byte - UInt8(ascii: "0"))
        }
        return attribute.text.isEmpty ? nil : value
    }
}

extension JSONReader {
    fileprivate mutating func attribute(from start: Int) throws -> EncodedItem.Attribute {
        _ = try peek()
        let first = start + offset
        var type: Unicode.Scalar?
        var text = RawString(range: 0..<0, isEscaped: false)
        try rawObject { name, reader in
            let letters = reader.bytes(of: name)
            let letter = letters.first.map { Unicode.Scalar($0) } ?? "?"
            type = letter
            if letters.count == 1, letter == "S" || letter == "N" { text = try reader.rawString() } else { try reader.skip() }
        }
        guard let type else { throw failure("a value without a type") }
        return EncodedItem.Attribute(
            type: type, text: start + text.range.lowerBound..<start + text.range.upperBound, value: first..<start + offset,
            isEscaped: text.isEscaped)
    }

    /// The items of an answer, as slices of it.
    mutating func encodedItems(of answer: [UInt8]) throws -> [EncodedItem] {
        var items: [EncodedItem] = []
        try array { items.append(try $0.encodedItem(of: answer)) }
        return items
    }

    mutating func encodedItem(of answer: [UInt8]) throws -> EncodedItem {
        guard try peek() == UInt8(ascii: "{") else { throw failure("no item") }
        let first = offset
        try skip()
        return EncodedItem(json: answer[first..<offset])
    }
}
