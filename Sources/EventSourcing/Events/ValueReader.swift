#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Reads the JSON that events usually have, without a decoder between. What is unusual it leaves to `JSONDecoder`, which says what is wrong.
struct ValueReader {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var offset = 0
    private var depth = 0

    private static let deepest = 64

    /// `nil` where the text is no JSON, or unusual: then `JSONDecoder` decides.
    static func value(of json: String) -> Value? {
        var json = json
        return json.withUTF8 { bytes in
            var reader = ValueReader(bytes: bytes)
            guard let value = reader.value() else { return nil }
            _ = reader.peek()
            return reader.offset == bytes.count ? value : nil
        }
    }

    private init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    /// The next byte that is no white space; 0 at the end.
    private mutating func peek() -> UInt8 {
        while offset < bytes.count {
            switch bytes[offset] {
            case 0x20, 0x0A, 0x0D, 0x09: offset += 1
            case let byte: return byte
            }
        }
        return 0
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard peek() == byte else { return false }
        offset += 1
        return true
    }

    private mutating func value() -> Value? {
        switch peek() {
        case UInt8(ascii: "{"): object()
        case UInt8(ascii: "["): list()
        case UInt8(ascii: "\""): string().map { .string($0) }
        case UInt8(ascii: "t"): literal("true") ? .bool(true) : nil
        case UInt8(ascii: "f"): literal("false") ? .bool(false) : nil
        case UInt8(ascii: "n"): literal("null") ? .null : nil
        default: number()
        }
    }

    private mutating func object() -> Value? {
        offset += 1
        depth += 1
        defer { depth -= 1 }
        if depth > Self.deepest { return nil }
        var fields: [String: Value] = [:]
        if take(UInt8(ascii: "}")) { return .object(fields) }
        repeat {
            guard peek() == UInt8(ascii: "\""), let name = string(), take(UInt8(ascii: ":")), let value = value() else { return nil }
            // Which of two counts is the decoder's affair.
            guard fields.updateValue(value, forKey: name) == nil else { return nil }
        } while take(UInt8(ascii: ","))
        return take(UInt8(ascii: "}")) ? .object(fields) : nil
    }

    private mutating func list() -> Value? {
        offset += 1
        depth += 1
        defer { depth -= 1 }
        if depth > Self.deepest { return nil }
        var elements: [Value] = []
        if take(UInt8(ascii: "]")) { return .list(elements) }
        repeat {
            guard let value = value() else { return nil }
            elements.append(value)
        } while take(UInt8(ascii: ","))
        return take(UInt8(ascii: "]")) ? .list(elements) : nil
    }

    private mutating func literal(_ word: StaticString) -> Bool {
        let count = word.utf8CodeUnitCount
        guard bytes.count - offset >= count, (0..<count).allSatisfy({ bytes[offset + $0] == word.utf8Start[$0] }) else { return false }
        offset += count
        return true
    }

    /// Whole numbers of up to 18 digits.
    private mutating func number() -> Value? {
        let isNegative = peek() == UInt8(ascii: "-")
        if isNegative { offset += 1 }
        let first = offset
        var value = 0
        while offset < bytes.count, UInt8(ascii: "0")...UInt8(ascii: "9") ~= bytes[offset] {
            guard offset - first < 18 else { return nil }
            value = value * 10 + Int(bytes[offset] - UInt8(ascii: "0"))
            offset += 1
        }
        let digits = offset - first
        guard digits > 0, digits == 1 || bytes[first] != UInt8(ascii: "0") else { return nil }
        if offset < bytes.count, [UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E")].contains(bytes[offset]) { return nil }
        if isNegative, value == 0 { return nil }
        return .number(Decimal(isNegative ? -value : value))
    }

    private mutating func string() -> String? {
        offset += 1
        let first = offset
        while offset < bytes.count {
            switch bytes[offset] {
            case UInt8(ascii: "\""):
                offset += 1
                return String(decoding: UnsafeBufferPointer(rebasing: bytes[first..<offset - 1]), as: UTF8.self)
            case UInt8(ascii: "\\"): return escapedString(from: first)
            case ..<0x20: return nil
            default: offset += 1
            }
        }
        return nil
    }

    private mutating func escapedString(from first: Int) -> String? {
        var text = Array(bytes[first..<offset])
        while offset < bytes.count {
            let byte = bytes[offset]
            offset += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"):
                guard offset < bytes.count, let plain = Self.escapes[bytes[offset]] else { return nil }
                offset += 1
                text.append(plain)
            case ..<0x20: return nil
            default: text.append(byte)
            }
        }
        return nil
    }

    private static let escapes: [UInt8: UInt8] = [
        UInt8(ascii: "\""): UInt8(ascii: "\""), UInt8(ascii: "\\"): UInt8(ascii: "\\"), UInt8(ascii: "/"): UInt8(ascii: "/"),
        UInt8(ascii: "n"): 0x0A, UInt8(ascii: "r"): 0x0D, UInt8(ascii: "t"): 0x09, UInt8(ascii: "b"): 0x08, UInt8(ascii: "f"): 0x0C,
    ]
}
