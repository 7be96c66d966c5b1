#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Pulls values out of JSON bytes, one after the other, without building a tree. Written for large answers: strings are found with
/// `memchr`, which is fast in debug builds too.
struct JSONReader {
    /// Deeper nesting is refused, so that no input exhausts the stack. DynamoDB allows 32 levels.
    static let deepest = 200

    private let start: UnsafePointer<UInt8>
    private let count: Int
    private(set) var offset = 0
    private var depth = 0

    private init(start: UnsafePointer<UInt8>, count: Int) {
        self.start = start
        self.count = count
    }

    /// Reads one value; only white space may follow it. The reader must not be kept.
    static func read<Value>(_ bytes: [UInt8], _ body: (inout JSONReader) throws -> Value) throws -> Value {
        try read(bytes[...], body)
    }

    /// As of an array; offsets count from the slice's start.
    static func read<Value>(_ bytes: ArraySlice<UInt8>, _ body: (inout JSONReader) throws -> Value) throws -> Value {
        try bytes.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress, buffer.count > 0 else {
                throw JSONError(problem: "nothing there", offset: 0)
            }
            var reader = JSONReader(start: base, count: buffer.count)
            let value = try body(&reader)
            reader.skipWhitespace()
            if reader.offset < reader.count { throw reader.failure("something follows the value") }
            return value
        }
    }

    /// Reads from the middle of some bytes, which are known to be JSON. The reader must not be kept.
    static func peek<Value>(_ bytes: ArraySlice<UInt8>, _ body: (inout JSONReader) throws -> Value) throws -> Value {
        try bytes.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { throw JSONError(problem: "nothing there", offset: 0) }
            var reader = JSONReader(start: base, count: buffer.count)
            return try body(&reader)
        }
    }

    func failure(_ problem: String) -> JSONError { JSONError(problem: problem, offset: offset) }

    private mutating func skipWhitespace() {
        while offset < count {
            let byte = start[offset]
            guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return }
            offset += 1
        }
    }

    /// The next value's first byte.
    mutating func peek() throws -> UInt8 {
        skipWhitespace()
        guard offset < count else { throw failure("the end, where a value should be") }
        return start[offset]
    }

    private mutating func expect(_ byte: UInt8) throws {
        guard try peek() == byte else { throw failure("no '\(Character(UnicodeScalar(byte)))'") }
        offset += 1
    }

    /// Calls `member` for each member; it must read exactly the value.
    mutating func object(_ member: (String, inout JSONReader) throws -> Void) throws {
        try list(from: UInt8(ascii: "{"), to: UInt8(ascii: "}")) { reader in
            let name = try reader.string()
            try reader.expect(UInt8(ascii: ":"))
            try member(name, &reader)
        }
    }

    /// As `object`, with the names as their bytes stand there.
    mutating func rawObject(_ member: (RawString, inout JSONReader) throws -> Void) throws {
        try list(from: UInt8(ascii: "{"), to: UInt8(ascii: "}")) { reader in
            let name = try reader.rawString()
            try reader.expect(UInt8(ascii: ":"))
            try member(name, &reader)
        }
    }

    /// The bytes of a string as they stand there. They must not be kept.
    func bytes(of string: RawString) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: start + string.range.lowerBound, count: string.range.count)
    }

    /// Calls `element` for each element; it must read exactly one value.
    mutating func array(_ element: (inout JSONReader) throws -> Void) throws {
        try list(from: UInt8(ascii: "["), to: UInt8(ascii: "]"), element)
    }

    private mutating func list(
        from open: UInt8, to close: UInt8, _ element: (inout JSONReader) throws -> Void
    ) throws {
        try expect(open)
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.deepest else { throw failure("more than \(Self.deepest) levels") }
        if try peek() == close {
            offset += 1
            return
        }
        while true {
            try element(&self)
            let next = try peek()
            if next == close {
                offset += 1
                return
            }
            try expect(UInt8(ascii: ","))
        }
    }

    mutating func bool() throws -> Bool {
        if try peek() == UInt8(ascii: "t") {
            try literal("true")
            return true
        }
        try literal("false")
        return false
    }

    mutating func null() throws {
        _ = try peek()
        try literal("null")
    }

    private mutating func literal(_ word: StaticString) throws {
        let length = word.utf8CodeUnitCount
        guard count - offset >= length, memcmp(start + offset, word.utf8Start, length) == 0 else {
            throw failure("no value")
        }
        offset += length
    }

    /// The number's text.
    mutating func number() throws -> String {
        _ = try peek()
        let first = offset
        while offset < count {
            switch start[offset] {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."),
                UInt8(ascii: "e"), UInt8(ascii: "E"):
                offset += 1
                continue
            default: break
            }
            break
        }
        let text = self.text(from: first, to: offset)
        guard Double(text) != nil, text.first != "+", text.first != "." else {
            offset = first
            throw failure("no value")
        }
        return text
    }

    mutating func string() throws -> String {
        let string = try rawString()
        guard string.isEscaped else { return text(from: string.range.lowerBound, to: string.range.upperBound) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(string.range.count)
        try appendText(of: string, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Where a string's content stands, between its quotes.
    struct RawString {
        var range: Range<Int>
        var isEscaped: Bool
    }

    /// Passes over a string, without making one.
    mutating func rawString() throws -> RawString {
        try expect(UInt8(ascii: "\""))
        let first = offset
        var next = first
        while let quote = memchr(start + next, Int32(UInt8(ascii: "\"")), count - next) {
            let end = UnsafeRawPointer(quote) - UnsafeRawPointer(start)
            // A quote after an odd number of backslashes belongs to the content.
            var clear = end
            while clear > next, start[clear - 1] == UInt8(ascii: "\\") { clear -= 1 }
            if (end - clear).isMultiple(of: 2) {
                offset = end + 1
                let isEscaped = next > first || memchr(start + first, Int32(UInt8(ascii: "\\")), end - first) != nil
                return RawString(range: first..<end, isEscaped: isEscaped)
            }
            next = end + 1
        }
        throw failure("a string without an end")
    }

    /// Appends what a string says, in UTF-8.
    mutating func appendText(of string: RawString, to bytes: inout [UInt8]) throws {
        let after = offset
        offset = string.range.lowerBound
        while offset < string.range.upperBound {
            let rest = string.range.upperBound - offset
            guard string.isEscaped, let escape = memchr(start + offset, Int32(UInt8(ascii: "\\")), rest) else {
                bytes.append(contentsOf: UnsafeBufferPointer(start: start + offset, count: rest))
                break
            }
            let plain = UnsafeRawPointer(escape) - UnsafeRawPointer(start + offset)
            bytes.append(contentsOf: UnsafeBufferPointer(start: start + offset, count: plain))
            offset += plain + 1
            try appendEscape(to: &bytes)
        }
        offset = after
    }

    private func text(from first: Int, to end: Int) -> String {
        String(decoding: UnsafeBufferPointer(start: start + first, count: end - first), as: UTF8.self)
    }

    /// After the backslash.
    private mutating func appendEscape(to bytes: inout [UInt8]) throws {
        guard offset < count else { throw failure("a string without an end") }
        let escape = start[offset]
        offset += 1
        switch escape {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): bytes.append(escape)
        case UInt8(ascii: "n"): bytes.append(0x0A)
        case UInt8(ascii: "r"): bytes.append(0x0D)
        case UInt8(ascii: "t"): bytes.append(0x09)
        case UInt8(ascii: "b"): bytes.append(0x08)
        case UInt8(ascii: "f"): bytes.append(0x0C)
        case UInt8(ascii: "u"): if let scalar = Unicode.UTF8.encode(try unicodeEscape()) { bytes.append(contentsOf: scalar) }
        default: throw failure("an unknown escape")
        }
    }

    /// One scalar, of one or two escapes. Half of a pair becomes U+FFFD.
    private mutating func unicodeEscape() throws -> Unicode.Scalar {
        let first = try fourHexDigits()
        if (0xD800..<0xDC00).contains(first), count - offset >= 6, start[offset] == UInt8(ascii: "\\"),
            start[offset + 1] == UInt8(ascii: "u")
        {
            let before = offset
            offset += 2
            let second = try fourHexDigits()
            if (0xDC00..<0xE000).contains(second) {
                return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)) ?? "\u{FFFD}"
            }
            offset = before
        }
        return Unicode.Scalar(first) ?? "\u{FFFD}"
    }

    private mutating func fourHexDigits() throws -> UInt32 {
        guard count - offset >= 4 else { throw failure("an incomplete escape") }
        var value: UInt32 = 0
        for index in offset..<offset + 4 {
            switch start[index] {
            case let digit where UInt8(ascii: "0")...UInt8(ascii: "9") ~= digit: value = value << 4 | UInt32(digit - UInt8(ascii: "0"))
            case let digit where UInt8(ascii: "a")...UInt8(ascii: "f") ~= digit: value = value << 4 | UInt32(digit - UInt8(ascii: "a") + 10)
            case let digit where UInt8(ascii: "A")...UInt8(ascii: "F") ~= digit: value = value << 4 | UInt32(digit - UInt8(ascii: "A") + 10)
            default: throw failure("an incomplete escape")
            }
        }
        offset += 4
        return value
    }

    /// Reads a value and forgets it.
    mutating func skip() throws {
        switch try peek() {
        case UInt8(ascii: "{"): try rawObject { _, reader in try reader.skip() }
        case UInt8(ascii: "["): try array { try $0.skip() }
        case UInt8(ascii: "\""): _ = try rawString()
        case UInt8(ascii: "t"), UInt8(ascii: "f"): _ = try bool()
        case UInt8(ascii: "n"): try null()
        default: _ = try number()
        }
    }
}
