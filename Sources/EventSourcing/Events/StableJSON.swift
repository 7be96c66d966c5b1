#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// JSON whose bytes depend on the value alone, so that a rerun writes the same bytes.
public enum StableJSON {
    /// Throws `EncodingError` for a number that is none.
    public static func encode(_ value: Value) throws -> String { try ValueWriter.json(value) }

    public static func encode(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}
