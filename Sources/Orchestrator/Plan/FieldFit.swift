import StackDescription

/// How the fields of the events that one release writes fit those that another reads, of one type in one version of its schema.
enum FieldFit: Hashable {
    /// Also where the fields of one of them can't be told.
    case same
    /// E.g. `'note' is new and optional`.
    case reads([String])
    case breaks(FieldMisfit)

    typealias Fields = [String: Catalogue.FieldEntry]

    static func of(written: Fields?, read: Fields?) -> FieldFit {
        guard let written, let read, written != read else { return .same }
        var harmless: [String] = []
        for (path, field) in read.sorted(by: { $0.key < $1.key }) {
            guard let earlier = written[path] else {
                guard field.optional || hasOptionalParent(path, read) else { return .breaks(.missing(path)) }
                harmless.append("'\(path)' is new and optional")
                continue
            }
            if earlier.kind != field.kind, field.kind != "any" {
                return .breaks(.kind(path, written: earlier.kind, read: field.kind))
            }
            if earlier.optional, !field.optional { return .breaks(.optional(path)) }
            let lost = lostCases(earlier, field)
            if !lost.isEmpty { return .breaks(.cases(path, lost)) }
            if isWider(field, than: earlier) { harmless.append("'\(path)' is read more widely") }
        }
        for path in written.keys.sorted() where read[path] == nil { harmless.append("'\(path)' is read no more") }
        return harmless.isEmpty ? .same : .reads(harmless)
    }

    /// Nothing where the values of one of them can't be told.
    private static func lostCases(_ written: Catalogue.FieldEntry, _ read: Catalogue.FieldEntry) -> [String] {
        guard let values = written.cases, let known = read.cases else { return [] }
        return values.filter { !known.contains($0) }
    }

    private static func isWider(_ field: Catalogue.FieldEntry, than earlier: Catalogue.FieldEntry) -> Bool {
        if field.kind != earlier.kind || field.optional != earlier.optional { return true }
        guard let values = earlier.cases, let known = field.cases else { return false }
        return values != known
    }

    /// `lines[].sku` of a list that may be missing.
    private static func hasOptionalParent(_ path: String, _ fields: Fields) -> Bool {
        fields.contains { $0.value.optional && path.hasPrefix($0.key + ".") }
    }
}

/// Why events of one release can't be read by another, though type and schema version are the same: the first field that doesn't fit.
enum FieldMisfit: Hashable {
    /// It is required, and not written.
    case missing(String)
    case kind(String, written: String, read: String)
    /// It is required, and may be left out.
    case optional(String)
    /// Values that may be written, and aren't read.
    case cases(String, [String])

    /// Of the next release, which reads the live one's events.
    var forward: String {
        switch self {
        case .missing(let path): "the field '\(path)' is new and required, with the same schema version"
        case .kind(let path, let written, let read): "the field '\(path)' goes from \(written) to \(read), with the same schema version"
        case .optional(let path): "the field '\(path)' becomes required, with the same schema version"
        case .cases(let path, let values): "the field '\(path)' takes \(Self.list(values)) no more, with the same schema version"
        }
    }

    /// Of a release to which events come back.
    func back(to release: String) -> String {
        switch self {
        case .missing(let path): "\(release) requires the field '\(path)', which isn't written any more"
        case .kind(let path, let written, let read): "the field '\(path)' is written as \(written), and \(release) reads it as \(read)"
        case .optional(let path): "\(release) requires the field '\(path)', which may be left out"
        case .cases(let path, let values): "\(release) doesn't take \(Self.list(values)) in the field '\(path)'"
        }
    }

    private static func list(_ values: [String]) -> String { values.map { "'\($0)'" }.joined(separator: ", ") }
}
