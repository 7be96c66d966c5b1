/// What parity expects of a candidate's document, given the live one. Pure.
public protocol DocumentMapping: Sendable {
    associatedtype Live: Decodable
    associatedtype Expected: Encodable
    /// The name in the manifest: `.mapped(by: "…")`.
    static var name: String { get }
    /// The document that the candidate should have under the same id; `nil` where it should have none.
    static func expected(from live: Live, id: String) throws -> Expected?
}

extension DocumentMapping {
    public static var name: String { String(describing: Self.self) }
}

/// A mapping with its document types erased to fields.
public struct AnyMapping: Sendable {
    public let name: String
    public let expected: @Sendable ([String: Value], _ id: String) throws -> [String: Value]?

    public init<M: DocumentMapping>(_ mapping: M.Type) {
        name = M.name
        expected = { fields, id in
            guard let document = try M.expected(from: Value.object(fields).decode(M.Live.self), id: id) else { return nil }
            guard case .object(var fields) = try Value(encoding: document) else { throw DocumentNotAnObject(projection: M.name, id: id) }
            // The id is the key of both, whether the types mention it or not.
            fields["id"] = .string(id)
            return fields
        }
    }
}
