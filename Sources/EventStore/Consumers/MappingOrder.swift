import EventSourcing

/// What a mapping function is asked, and what it answers: documents. What the answer leaves out is expected to be absent.
public struct MappingOrder: Sendable, Hashable, Codable {
    public struct Document: Sendable, Hashable, Codable {
        public var id: String
        public var fields: [String: Value]

        public init(id: String, fields: [String: Value]) {
            self.id = id
            self.fields = fields
        }
    }

    public var documents: [Document]

    public init(documents: [Document]) { self.documents = documents }
}
