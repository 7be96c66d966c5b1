/// A name as one text and as two; every text comes back from its parts as it was.
enum CustomerName {
    /// Splits at the first space (U+0020). Where there is none, or nothing follows it, all is the given name.
    static func split(_ name: String) -> (given: String, family: String) {
        // By scalars: a combining mark after the space would hide it from a search by characters.
        let scalars = name.unicodeScalars
        guard let space = scalars.firstIndex(of: " ") else { return (name, "") }
        let rest = scalars[scalars.index(after: space)...]
        guard !rest.isEmpty else { return (name, "") }
        return (String(scalars[..<space]), String(rest))
    }

    static func join(given: String, family: String) -> String {
        family.isEmpty ? given : given + " " + family
    }
}
