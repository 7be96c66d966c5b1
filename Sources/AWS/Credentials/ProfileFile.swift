/// The INI dialect of AWS' shared files: `[section]`, `name = value`, comments with `#` or `;`, and below an empty value indented
/// `name = value` pairs that belong to it.
struct ProfileFile: Sendable, Hashable {
    struct Section: Sendable, Hashable {
        var settings: [String: String] = [:]
        var nested: [String: [String: String]] = [:]
    }

    private(set) var sections: [String: Section] = [:]

    init(parsing text: String) {
        var section: String?
        var parent: String?
        for line in text.split(whereSeparator: \.isNewline) {
            let content = line.trimmed
            if content.isEmpty || content.hasPrefix("#") || content.hasPrefix(";") { continue }
            if content.hasPrefix("[") {
                section = content.dropFirst().prefix { $0 != "]" }.trimmed
                parent = nil
                if let section { sections[section, default: Section()] = sections[section] ?? Section() }
                continue
            }
            guard let section, let equals = content.firstIndex(of: "=") else { continue }
            let name = content[..<equals].trimmed.lowercased()
            let value = Self.withoutComment(content[content.index(after: equals)...]).trimmed
            let isIndented = line.first?.isWhitespace == true
            if isIndented, let parent {
                sections[section]?.nested[parent, default: [:]][name] = value
            } else {
                sections[section]?.settings[name] = value
                parent = value.isEmpty ? name : nil
            }
        }
    }

    /// A `#` or `;` begins a comment only after white space: secrets and commands may hold one.
    private static func withoutComment(_ value: Substring) -> Substring {
        var previous: Character?
        for index in value.indices {
            let character = value[index]
            if character == "#" || character == ";", previous?.isWhitespace == true { return value[..<index] }
            previous = character
        }
        return value
    }
}

extension StringProtocol {
    /// Without white space at either end.
    var trimmed: String {
        var part = self[...]
        while part.first?.isWhitespace == true { part = part.dropFirst() }
        while part.last?.isWhitespace == true { part = part.dropLast() }
        return String(part)
    }
}
