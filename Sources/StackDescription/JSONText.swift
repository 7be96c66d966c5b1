/// Encodes a value as JSON without Foundation, which a manifest would otherwise have to load and link.
/// Keys are sorted, there is no white space, and absent values are left out.
struct JSONText: Encoder {
    let codingPath: [any CodingKey]
    var userInfo: [CodingUserInfoKey: Any] { [:] }
    private let node: Node

    static func encode(_ value: some Encodable) throws -> String {
        let root = Node()
        try value.encode(to: JSONText(codingPath: [], node: root))
        return root.text
    }

    fileprivate init(codingPath: [any CodingKey], node: Node) {
        self.codingPath = codingPath
        self.node = node
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        KeyedEncodingContainer(Members<Key>(codingPath: codingPath, node: node))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer { Elements(codingPath: codingPath, node: node) }

    func singleValueContainer() -> any SingleValueEncodingContainer { Scalar(codingPath: codingPath, node: node) }
}

/// One JSON value that is still being filled. Containers are values, so what they share has to be a reference.
private final class Node {
    private enum Content {
        case text(String)
        case array([Node])
        case object([String: Node])
    }

    private var content = Content.object([:])

    var count: Int {
        if case .array(let elements) = content { elements.count } else { 0 }
    }

    func set(_ text: String) { content = .text(text) }

    func becomeArray() {
        if case .array = content { return }
        content = .array([])
    }

    func appended() -> Node {
        let child = Node()
        if case .array(let elements) = content {
            content = .array(elements + [child])
        } else {
            content = .array([child])
        }
        return child
    }

    func member(_ key: String) -> Node {
        guard case .object(var members) = content else {
            content = .object([:])
            return member(key)
        }
        if let existing = members[key] { return existing }
        let child = Node()
        members[key] = child
        content = .object(members)
        return child
    }

    var text: String {
        switch content {
        case .text(let text): text
        case .array(let elements): "[" + elements.map(\.text).joined(separator: ",") + "]"
        case .object(let members):
            "{"
                + members.sorted { $0.key < $1.key }
                .map { "\(quoted($0.key)):\($0.value.text)" }.joined(separator: ",") + "}"
        }
    }
}

private func quoted(_ string: String) -> String {
    var result = "\""
    for scalar in string.unicodeScalars {
        switch scalar {
        case "\"": result += "\\\""
        case "\\": result += "\\\\"
        case "\n": result += "\\n"
        case "\r": result += "\\r"
        case "\t": result += "\\t"
        case _ where scalar.value < 0x20:
            let digits = String(scalar.value, radix: 16)
            result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        default: result.unicodeScalars.append(scalar)
        }
    }
    return result + "\""
}

private func encode(_ value: some Encodable, into node: Node, at path: [any CodingKey]) throws {
    switch value {
    case let value as String: node.set(quoted(value))
    case let value as Bool: node.set(value ? "true" : "false")
    case let value as any BinaryInteger: node.set("\(value)")
    case let value as Double:
        guard value.isFinite else {
            let context = EncodingError.Context(codingPath: path, debugDescription: "\(value) is not a finite number")
            throw EncodingError.invalidValue(value, context)
        }
        node.set("\(value)")
    case let value as Float: try encode(Double(value), into: node, at: path)
    default: try value.encode(to: JSONText(codingPath: path, node: node))
    }
}

private struct Members<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let codingPath: [any CodingKey]
    let node: Node

    func encodeNil(forKey key: Key) { node.member(key.stringValue).set("null") }

    func encode(_ value: some Encodable, forKey key: Key) throws {
        try StackDescription.encode(value, into: node.member(key.stringValue), at: codingPath + [key])
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) -> KeyedEncodingContainer<Nested> {
        JSONText(codingPath: codingPath + [key], node: node.member(key.stringValue)).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        JSONText(codingPath: codingPath + [key], node: node.member(key.stringValue)).unkeyedContainer()
    }

    func superEncoder() -> any Encoder { JSONText(codingPath: codingPath, node: node.member("super")) }

    func superEncoder(forKey key: Key) -> any Encoder {
        JSONText(codingPath: codingPath + [key], node: node.member(key.stringValue))
    }
}

private struct Elements: UnkeyedEncodingContainer {
    let codingPath: [any CodingKey]
    let node: Node
    var count: Int { node.count }

    init(codingPath: [any CodingKey], node: Node) {
        self.codingPath = codingPath
        self.node = node
        node.becomeArray()
    }

    func encodeNil() { node.appended().set("null") }

    func encode(_ value: some Encodable) throws {
        try StackDescription.encode(value, into: node.appended(), at: codingPath)
    }

    func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
        superEncoder().container(keyedBy: type)
    }

    func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { superEncoder().unkeyedContainer() }

    func superEncoder() -> any Encoder { JSONText(codingPath: codingPath, node: node.appended()) }
}

private struct Scalar: SingleValueEncodingContainer {
    let codingPath: [any CodingKey]
    let node: Node

    func encodeNil() { node.set("null") }

    func encode(_ value: some Encodable) throws { try StackDescription.encode(value, into: node, at: codingPath) }
}
