/// What names, paths and addresses look like. ASCII only, as AWS has it.
enum Syntax {
    static let partNameRule =
        "lower-case letters, digits and single hyphens; it begins with a letter and does not end with a hyphen"
    static let handlerRule = "a handler is named like a Swift type: a letter, then letters and digits"

    static func isLower(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte) }
    private static func isUpper(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte) }
    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
    private static func isLetter(_ byte: UInt8) -> Bool { isLower(byte) || isUpper(byte) }
    private static func isAlphanumeric(_ byte: UInt8) -> Bool { isLetter(byte) || isDigit(byte) }

    private static func consists(_ text: some StringProtocol, also others: String, of test: (UInt8) -> Bool) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { test($0) || others.utf8.contains($0) }
    }

    static func consistsOfLowercase(_ text: some StringProtocol, also others: String) -> Bool {
        consists(text, also: others) { isLower($0) || isDigit($0) }
    }

    static func isPartName(_ text: String) -> Bool {
        guard let first = text.utf8.first, isLower(first) else { return false }
        return text.split(separator: "-", omittingEmptySubsequences: false)
            .allSatisfy { consistsOfLowercase($0, also: "") }
    }

    static func isHandler(_ text: String) -> Bool {
        guard let first = text.utf8.first, isLetter(first) else { return false }
        return consists(text, also: "", of: isAlphanumeric)
    }

    /// A path segment that stands for itself (RFC 3986, unreserved).
    static func isLiteralSegment(_ text: some StringProtocol) -> Bool {
        consists(text, also: "-._~", of: isAlphanumeric)
    }

    static func isParameter(_ text: some StringProtocol) -> Bool {
        guard let first = text.utf8.first, isLetter(first) else { return false }
        return consists(text, also: "_", of: isAlphanumeric)
    }

    /// What an expression of DynamoDB can name.
    static func isFieldName(_ text: String) -> Bool { !text.isEmpty && consists(text, also: "_", of: isAlphanumeric) }

    /// 3 to 255 characters (DynamoDB).
    static func isIndexName(_ text: String) -> Bool {
        (3...255).contains(text.count) && consists(text, also: "-._", of: isAlphanumeric)
    }

    /// Lower-case labels of at most 63 characters, at least two, 253 characters in all (RFC 1035).
    static func isDomain(_ text: some StringProtocol) -> Bool {
        let labels = text.split(separator: ".", omittingEmptySubsequences: false)
        return text.utf8.count <= 253 && labels.count >= 2
            && labels.allSatisfy { label in
                label.utf8.count <= 63 && !label.hasPrefix("-") && !label.hasSuffix("-")
                    && consistsOfLowercase(label, also: "-")
            }
    }

    static func isStage(_ text: String) -> Bool {
        text == "$default" || (text.utf8.count <= 128 && consists(text, also: "-_", of: isAlphanumeric))
    }

    /// `[a-zA-Z][a-zA-Z0-9_]+` (Lambda).
    static func isEnvironmentName(_ text: String) -> Bool { text.utf8.count >= 2 && isParameter(text) }

    static func isAddress(_ text: String) -> Bool {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, isDomain(parts[1].lowercased()) else { return false }
        return parts[0].utf8.count <= 64 && consists(parts[0], also: ".!#$%&'*+/=?^_`{|}~-", of: isAlphanumeric)
    }

    /// `arn:aws:acm:<region>:<account>:certificate/<id>`
    static func isCertificate(_ text: String) -> Bool {
        let fields = text.split(separator: ":", omittingEmptySubsequences: false)
        guard fields.count == 6, fields[0] == "arn", fields[1].hasPrefix("aws"), fields[2] == "acm" else {
            return false
        }
        let certificate = "certificate/"
        return consistsOfLowercase(fields[3], also: "-")
            && fields[4].utf8.count == 12 && consists(fields[4], also: "", of: isDigit)
            && fields[5].hasPrefix(certificate)
            && consists(fields[5].dropFirst(certificate.count), also: "-", of: isAlphanumeric)
    }
}
