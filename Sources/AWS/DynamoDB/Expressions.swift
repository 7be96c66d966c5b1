/// The names and values that a request's expressions refer to. Every `#token` stands for the attribute `token`.
struct Expressions {
    private(set) var names: [String: String] = [:]
    var values: Item

    /// - Parameter values: their names with or without the colon.
    init(values: Item) {
        var withColons: Item = [:]
        for (name, value) in values { withColons[name.hasPrefix(":") ? name : ":" + name] = value }
        self.values = withColons
    }

    /// Takes note of the tokens in an expression's text.
    mutating func use(_ text: String) {
        let bytes = Array(text.utf8)
        var index = 0
        while index < bytes.count {
            index += 1
            guard bytes[index - 1] == UInt8(ascii: "#") else { continue }
            let start = index
            while index < bytes.count, Self.isTokenByte(bytes[index]) { index += 1 }
            if index > start {
                let token = String(decoding: bytes[start..<index], as: UTF8.self)
                names["#" + token] = token
            }
        }
    }

    /// A projection of these attributes. Names that a token can't spell get one of their own.
    mutating func projection(_ attributes: [String]) -> String {
        attributes.enumerated().map { index, attribute in
            let isPlain = !attribute.isEmpty && attribute.utf8.allSatisfy(Self.isTokenByte)
            let token = isPlain ? "#" + attribute : "#attribute\(index)"
            names[token] = attribute
            return token
        }.joined(separator: ", ")
    }

    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}

extension JSONWriter {
    mutating func expressions(_ expressions: Expressions) {
        if !expressions.names.isEmpty {
            name("ExpressionAttributeNames")
            json(.strings(expressions.names))
        }
        if !expressions.values.isEmpty {
            name("ExpressionAttributeValues")
            item(expressions.values)
        }
    }
}
