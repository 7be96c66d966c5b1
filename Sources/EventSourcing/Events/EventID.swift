import Crypto
#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Identifiers that derive from what they name, so that another try gives the same one.
public enum EventID {
    /// The id of a command's event number `index`. The stream takes part: one key used on two streams gives different events.
    public static func of(command: String, aggregateId: String, index: Int) -> String {
        derived("command", command, aggregateId, String(index))
    }

    /// The id of an additional event that a transform made of `source`: part 0 keeps the source's id.
    public static func part(_ index: Int, of source: String) -> String {
        index == 0 ? source : derived("part", source, String(index))
    }

    /// The id of line `line` (1-based) of a file with this SHA-256.
    public static func imported(fileDigest: String, line: Int) -> String {
        derived("import", fileDigest, String(line))
    }

    private static func derived(_ parts: String...) -> String {
        var hash = SHA256()
        for part in parts {
            hash.update(data: Data(part.utf8))
            hash.update(data: [0])
        }
        var bytes = Array(hash.finalize().prefix(16))
        // RFC 9562: version 8 (vendor-specific content), variant 10.
        bytes[6] = (bytes[6] & 0x0F) | 0x80
        bytes[8] = (bytes[8] & 0x3F) | 0x80
        let hex = bytes.hexadecimal
        let cuts = [0, 8, 12, 16, 20, 32]
        return zip(cuts, cuts.dropFirst()).map { String(hex.dropFirst($0).prefix($1 - $0)) }.joined(separator: "-")
    }
}
