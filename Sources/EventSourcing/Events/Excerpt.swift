/// What a report shows of a long text.
package enum Excerpt {
    /// Texts of more bytes than this are cut, to so many Unicode scalars.
    private static let longest = 2_000
    private static let shown = 1_500

    /// Two texts that differ: a long one is cut, and tells its size. Where both would begin with the same, they are shown from where they part.
    package static func pair(_ texts: (String?, String?)) -> (String?, String?) {
        let cut = (texts.0.map { part(of: $0, from: $0.startIndex) }, texts.1.map { part(of: $0, from: $0.startIndex) })
        guard let left = texts.0, let right = texts.1 else { return cut }
        let (a, b) = (left.unicodeScalars, right.unicodeScalars)
        guard a.prefix(shown).elementsEqual(b.prefix(shown)) else { return cut }
        var (start, other) = (a.startIndex, b.startIndex)
        while start < a.endIndex, other < b.endIndex, a[start] == b[other] {
            a.formIndex(after: &start)
            b.formIndex(after: &other)
        }
        return (part(of: left, from: start), part(of: right, from: other))
    }

    private static func part(of text: String, from start: String.Index) -> String {
        let size = text.utf8.count
        guard size > longest else { return text }
        let part = text.unicodeScalars[start...].prefix(shown)
        let excerpt = String(Substring(part)) + (part.endIndex < text.endIndex ? "…" : "")
        let before = text.utf8.distance(from: text.startIndex, to: start)
        return before == 0 ? "\(excerpt) (\(size) bytes)" : "…\(excerpt) (\(size) bytes, from byte \(before))"
    }
}
