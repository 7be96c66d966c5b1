// The standard library's own normalisation, by which it compares strings: FoundationEssentials has none, and Foundation weighs 30 MB in a Lambda.
@_spi(_Unicode) import Swift

/// What may be the id of a stream.
public enum AggregateID {
    /// DynamoDB's hash keys hold 2,048 bytes; ours are followed by a consumer's name in the cursors table.
    public static let limit = 512

    /// Why the id can't be used; `nil` where it can. Two ids that look the same but differ in bytes would be one to some readers and two to others,
    /// so only Unicode's composed form (NFC) is taken.
    public static func problem(_ id: String) -> String? {
        if id.isEmpty { return "is empty" }
        if id.utf8.count > limit { return "has \(id.utf8.count) bytes, at most \(limit) are allowed" }
        if !id.unicodeScalars.elementsEqual(id._nfc) {
            return "is not in Unicode's composed form (NFC): normalise it"
        }
        return nil
    }
}
