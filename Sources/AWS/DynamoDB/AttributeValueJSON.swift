#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// DynamoDB's JSON: `{"S": "text"}`, `{"N": "12"}`, `{"M": {…}}`. Also what its Kinesis destination and its exports hold.
extension AttributeValue {
    /// - Throws: `JSONError` unless the bytes are one item, `{"name": {"S": …}, …}`.
    public static func item(parsing bytes: [UInt8]) throws -> Item {
        try JSONReader.read(bytes) { try $0.item() }
    }

    /// An item inside other JSON, e.g. a stream record's `dynamodb.NewImage`; nil where the path leads nowhere.
    public static func item(at path: [String], parsing bytes: [UInt8]) throws -> Item? {
        try JSONReader.read(bytes) { try $0.item(at: path[...]) }
    }

    /// The item as DynamoDB's JSON, its attributes sorted by name.
    public static func json(_ item: Item) -> [UInt8] {
        var writer = JSONWriter()
        writer.item(item)
        return writer.bytes
    }
}

extension JSONReader {
    mutating func item() throws -> Item {
        var item: Item = [:]
        try object { name, reader in item[name] = try reader.attributeValue() }
        return item
    }

    mutating func items() throws -> [Item] {
        var items: [Item] = []
        try array { items.append(try $0.item()) }
        return items
    }

    /// nil for `null` and `{}`.
    mutating func optionalItem() throws -> Item? {
        guard try peek() != UInt8(ascii: "n") else {
            try null()
            return nil
        }
        let item = try item()
        return item.isEmpty ? nil : item
    }

    fileprivate mutating func item(at path: ArraySlice<String>) throws -> Item? {
        guard let wanted = path.first else { return try optionalItem() }
        guard try peek() == UInt8(ascii: "{") else {
            try skip()
            return nil
        }
        var found: Item?
        try object { name, reader in
            if name == wanted { found = try reader.item(at: path.dropFirst()) } else { try reader.skip() }
        }
        return found
    }

    mutating func attributeValue() throws -> AttributeValue {
        var value: AttributeValue?
        try object { type, reader in
            switch type {
            case "S": value = .s(try reader.string())
            case "N": value = .n(try reader.string())
            case "M": value = .m(try reader.item())
            case "BOOL": value = .bool(try reader.bool())
            case "L":
                var list: [AttributeValue] = []
                try reader.array { list.append(try $0.attributeValue()) }
                value = .l(list)
            case "NULL":
                _ = try reader.bool()
                value = .null
            case "B": value = .b(try reader.base64())
            case "SS": value = .ss(try reader.strings())
            case "NS": value = .ns(try reader.strings())
            case "BS":
                var list: [[UInt8]] = []
                try reader.array { list.append(try $0.base64()) }
                value = .bs(list)
            default: throw reader.failure("'\(type)' is no type of DynamoDB")
            }
        }
        guard let value else { throw failure("a value without a type") }
        return value
    }

    private mutating func strings() throws -> [String] {
        var strings: [String] = []
        try array { strings.append(try $0.string()) }
        return strings
    }

    private mutating func base64() throws -> [UInt8] {
        guard let data = Data(base64Encoded: try string()) else { throw failure("no base64") }
        return Array(data)
    }
}

extension JSONWriter {
    mutating func item(_ item: Item) {
        object { writer in
            for (name, value) in item.sorted(by: { $0.key < $1.key }) {
                writer.name(name)
                writer.attributeValue(value)
            }
        }
    }

    mutating func attributeValue(_ value: AttributeValue) {
        object { writer in
            switch value {
            case .s(let text): writer.member("S", text)
            case .n(let text): writer.member("N", text)
            case .b(let bytes): writer.member("B", Data(bytes).base64EncodedString())
            case .bool(let bool):
                writer.name("BOOL")
                writer.raw(bool ? "true" : "false")
            case .null:
                writer.name("NULL")
                writer.raw("true")
            case .l(let list):
                writer.name("L")
                writer.array { writer in for value in list { writer.attributeValue(value) } }
            case .m(let map):
                writer.name("M")
                writer.item(map)
            case .ss(let strings):
                writer.name("SS")
                writer.strings(strings)
            case .ns(let strings):
                writer.name("NS")
                writer.strings(strings)
            case .bs(let list):
                writer.name("BS")
                writer.strings(list.map { Data($0).base64EncodedString() })
            }
        }
    }

    mutating func strings(_ strings: [String]) {
        array { writer in for string in strings { writer.string(string) } }
    }
}
