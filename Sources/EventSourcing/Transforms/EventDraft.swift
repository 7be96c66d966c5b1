/// An event on its way through a transform: what of it will be in the other release.
public struct EventDraft: Sendable {
    /// The event that it comes of.
    public let event: StoredEvent
    /// The stream that it goes to.
    public var stream: String
    public var type: String
    public var schema: Int
    /// Whether it keeps the source's id: of all that comes of one event, one does at most. The others' ids derive from it.
    var keepsId: Bool
    private var content: Content

    private enum Content: Sendable {
        /// JSON text, never decoded so far.
        case text(String)
        case tree(Value)
    }

    init(_ event: StoredEvent) {
        self.event = event
        stream = event.aggregateId
        type = event.type
        schema = event.schema
        keepsId = true
        content = .text(event.data)
    }

    /// Another event that comes of the same one, in the same stream.
    func sibling(type: String, schema: Int, data: Value) -> EventDraft {
        var draft = self
        (draft.type, draft.schema, draft.content, draft.keepsId) = (type, schema, .tree(data), false)
        return draft
    }

    mutating func become(_ converted: ConvertedEvent) {
        (type, schema, content) = (converted.type, converted.schema, .text(converted.data))
    }

    /// The data as a tree. Throws where it is no JSON.
    public func data() throws -> Value {
        switch content {
        case .text(let json): try Value.parse(json)
        case .tree(let value): value
        }
    }

    public mutating func setData(_ value: Value) { content = .tree(value) }

    /// The data's JSON text: the source's own bytes where nothing changed them.
    func text() throws -> String {
        switch content {
        case .text(let json): json
        case .tree(let value): try StableJSON.encode(value)
        }
    }
}
