#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What a decoder was asked for. Used by one call, on one thread.
final class FieldLog {
    let text: String
    private(set) var fields: [String: PayloadFields.Field] = [:]

    init(text: String) { self.text = text }

    func note(_ path: String, _ field: PayloadFields.Field) {
        guard !path.isEmpty else { return }
        fields[path] = field
    }
}

/// Answers every request with some value of the kind that is asked for, and notes it.
struct FieldDecoder: Decoder {
    let log: FieldLog
    let path: String
    let isOptional: Bool
    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        KeyedDecodingContainer(FieldContainer<Key>(decoder: self))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer { FieldList(decoder: self) }
    func singleValueContainer() throws -> any SingleValueDecodingContainer { self }

    func field(_ name: String, optional: Bool = false) -> FieldDecoder {
        FieldDecoder(log: log, path: path.isEmpty ? name : "\(path).\(name)", isOptional: isOptional || optional)
    }

    func value<T: Decodable>(_ type: T.Type) throws -> T {
        let sample: Any? =
            switch type {
            case is Bool.Type: noted(.boolean, false)
            case is String.Type: noted(.text, log.text)
            case is Decimal.Type: noted(.number, Decimal(0))
            case is Date.Type: noted(.number, Date(timeIntervalSince1970: 0))
            case is Value.Type: noted(.any, Value.null)
            case let number as any (FixedWidthInteger & Decodable).Type: noted(.number, number.init(0))
            case is Double.Type: noted(.number, 0.0)
            case is Float.Type: noted(.number, Float(0))
            case let choice as any (CaseIterable & RawRepresentable).Type:
                noted(choice.rawKind, choice.anyCase, cases: choice.rawKind == .text && Self.takesAnyText(type) ? nil : choice.rawCases)
            case let map as any TextKeyed.Type: noted(.map, map.emptyValue)
            default: nil
            }
        if let sample = sample as? T { return sample }
        return try T(from: self)
    }

    private func noted(_ kind: PayloadFields.Field.Kind, _ sample: Any?, cases: [String]? = nil) -> Any? {
        log.note(path, PayloadFields.Field(kind: kind, isOptional: isOptional, cases: cases))
        return sample
    }

    /// Whether a choice's own decoder takes a text that is none of its raw values for one of its cases.
    private static func takesAnyText<T: Decodable>(_ type: T.Type) -> Bool {
        (try? T(from: FieldDecoder(log: FieldLog(text: "\u{1}"), path: "", isOptional: false))) != nil
    }
}

extension FieldDecoder: SingleValueDecodingContainer {
    func decodeNil() -> Bool { false }
    func decode<T: Decodable>(_ type: T.Type) throws -> T { try value(type) }
}

private struct FieldContainer<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let decoder: FieldDecoder
    var codingPath: [any CodingKey] { [] }
    var allKeys: [Key] { [] }

    func contains(_ key: Key) -> Bool { true }
    func decodeNil(forKey key: Key) throws -> Bool { false }
    func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T { try decoder.field(key.stringValue).value(type) }

    func decodeIfPresent<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T? {
        try decoder.field(key.stringValue, optional: true).value(type)
    }
    // The standard library's own versions for these types don't go by the generic one.
    func decodeIfPresent(_ type: Bool.Type, forKey key: Key) throws -> Bool? { try optional(type, key) }
    func decodeIfPresent(_ type: String.Type, forKey key: Key) throws -> String? { try optional(type, key) }
    func decodeIfPresent(_ type: Int.Type, forKey key: Key) throws -> Int? { try optional(type, key) }
    func decodeIfPresent(_ type: Double.Type, forKey key: Key) throws -> Double? { try optional(type, key) }

    private func optional<T: Decodable>(_ type: T.Type, _ key: Key) throws -> T? {
        try decoder.field(key.stringValue, optional: true).value(type)
    }

    func nestedContainer<Inner: CodingKey>(keyedBy type: Inner.Type, forKey key: Key) throws -> KeyedDecodingContainer<Inner> {
        try decoder.field(key.stringValue).container(keyedBy: type)
    }
    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try decoder.field(key.stringValue).unkeyedContainer()
    }
    func superDecoder() throws -> any Decoder { decoder }
    func superDecoder(forKey key: Key) throws -> any Decoder { decoder.field(key.stringValue) }
}

/// A list of one element.
private struct FieldList: UnkeyedDecodingContainer {
    let decoder: FieldDecoder
    var currentIndex = 0
    var codingPath: [any CodingKey] { [] }
    var count: Int? { 1 }
    var isAtEnd: Bool { currentIndex > 0 }

    init(decoder: FieldDecoder) { self.decoder = decoder }

    private mutating func next() -> FieldDecoder {
        currentIndex += 1
        return FieldDecoder(log: decoder.log, path: decoder.path + "[]", isOptional: decoder.isOptional)
    }

    mutating func decodeNil() throws -> Bool { false }
    mutating func decode<T: Decodable>(_ type: T.Type) throws -> T { try next().value(type) }
    mutating func nestedContainer<Inner: CodingKey>(keyedBy type: Inner.Type) throws -> KeyedDecodingContainer<Inner> {
        try next().container(keyedBy: type)
    }
    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer { try next().unkeyedContainer() }
    mutating func superDecoder() throws -> any Decoder { next() }
}

/// A dictionary whose keys are an object's fields.
private protocol TextKeyed {
    static var emptyValue: Any { get }
}

extension Dictionary: TextKeyed where Key == String {
    static var emptyValue: Any { Self() }
}

extension CaseIterable where Self: RawRepresentable {
    fileprivate static var anyCase: Any? { allCases.first }
    fileprivate static var rawKind: PayloadFields.Field.Kind { RawValue.self == String.self ? .text : .number }

    fileprivate static var rawCases: [String]? {
        let cases = allCases.prefix(PayloadFields.Field.mostCases + 1).map { "\($0.rawValue)" }
        return cases.count <= PayloadFields.Field.mostCases ? cases.sorted() : nil
    }
}
