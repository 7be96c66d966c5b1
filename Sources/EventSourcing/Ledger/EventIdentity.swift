/// Which request an event comes from. Its id alone follows from the command's id, which a client may have used for two requests.
public struct EventIdentity: Sendable, Hashable {
    public var eventId: String
    /// The digest of the request, where the event has one.
    public var request: String?

    public init(eventId: String, request: String? = nil) {
        self.eventId = eventId
        self.request = request
    }

    /// - Parameter meta: JSON text of an ``EventMetadata``.
    public init(eventId: String, meta: String) {
        self.init(eventId: eventId, request: EventMetadata.decode(meta).request)
    }
}
