/// What a client sent: the parameters of the path and the JSON body.
public struct CommandRequest: Sendable {
    public var path: [String: String]
    public var body: Fields

    public init(path: [String: String] = [:], body: Value = .object([:])) {
        self.path = path
        self.body = Fields(body, at: "")
    }

    /// A parameter of the path, 1 to 512 bytes.
    public func parameter(_ name: String) throws -> String {
        guard let value = path[name], !value.isEmpty else { throw MalformedInput(field: name, problem: "is missing from the path") }
        return try Fields.limited(value, field: name)
    }
}

/// The fields of a JSON object; what is missing or of another kind is a ``MalformedInput`` that names its path.
public struct Fields: Sendable {
    private let value: Value
    private let prefix: String

    public init(_ value: Value, at prefix: String) {
        self.value = value
        self.prefix = prefix
    }

    /// Text of 1 to 512 bytes.
    public func string(_ name: String) throws -> String {
        guard let text = try required(name).string else { throw problem(name, "must be a string") }
        guard !text.isEmpty else { throw problem(name, "must not be empty") }
        return try Fields.limited(text, field: path(name))
    }

    /// An e-mail address: one `@` with text on both sides, no white space or control characters.
    public func email(_ name: String) throws -> String {
        let text = try string(name)
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }), !text.contains(where: \.isWhitespace),
            text.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value != 0x7F })
        else { throw problem(name, "must be an e-mail address") }
        return text
    }

    /// A decimal as text, e.g. `"19.90"`: not negative, at most 12 digits before and 4 after the point.
    public func amount(_ name: String) throws -> Amount {
        guard let text = try required(name).string else { throw problem(name, "must be a decimal string, e.g. \"19.90\"") }
        guard let amount = Amount(text) else {
            throw problem(name, "must be a decimal string like \"19.90\", not negative, at most 12 digits before the point and 4 after it")
        }
        return amount
    }

    public func integer(_ name: String, in range: ClosedRange<Int>) throws -> Int {
        guard let number = try required(name).number, let integer = Int("\(number)"), range.contains(integer) else {
            throw problem(name, "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return integer
    }

    public func object(_ name: String) throws -> Fields {
        let value = try required(name)
        guard value.object != nil else { throw problem(name, "must be an object") }
        return Fields(value, at: path(name))
    }

    /// A list of objects, 1 to `limit` of them.
    public func objects(_ name: String, limit: Int) throws -> [Fields] {
        guard let list = try required(name).list else { throw problem(name, "must be a list") }
        guard (1...limit).contains(list.count) else { throw problem(name, "must have 1 to \(limit) elements") }
        return try list.enumerated().map { index, element in
            guard element.object != nil else { throw MalformedInput(field: "\(path(name))[\(index)]", problem: "must be an object") }
            return Fields(element, at: "\(path(name))[\(index)]")
        }
    }

    /// All fields as they came.
    public var all: [String: Value] { value.object ?? [:] }

    private func required(_ name: String) throws -> Value {
        guard let object = value.object else {
            throw MalformedInput(field: prefix.isEmpty ? "body" : prefix, problem: "must be a JSON object")
        }
        guard let field = object[name], field != .null else { throw problem(name, "is missing") }
        return field
    }

    private func path(_ name: String) -> String { prefix.isEmpty ? name : "\(prefix).\(name)" }
    private func problem(_ name: String, _ text: String) -> MalformedInput { MalformedInput(field: path(name), problem: text) }

    static func limited(_ text: String, field: String) throws -> String {
        guard text.utf8.count <= 512 else { throw MalformedInput(field: field, problem: "must be at most 512 bytes") }
        return text
    }
}
