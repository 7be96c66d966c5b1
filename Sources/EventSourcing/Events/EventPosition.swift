/// The two parts of `aggregateId@version`.
package struct EventPosition: Sendable, Hashable {
    package var aggregateId: String
    package var version: Int

    /// `nil` where the text is something else.
    package init?(_ text: String) {
        guard let parts = text.cut(atLast: UInt8(ascii: "@")), let version = Int(parts.after) else { return nil }
        (aggregateId, self.version) = (parts.before, version)
    }
}

extension String {
    /// What is before and after the last of an ASCII character; `nil` where there is none. By bytes: a character of `String` may be made of an ASCII
    /// character and what an id begins or ends with.
    package func cut(atLast separator: UInt8) -> (before: String, after: String)? {
        guard let at = utf8.lastIndex(of: separator) else { return nil }
        return (String(unicodeScalars[..<at]), String(unicodeScalars[utf8.index(after: at)...]))
    }
}
