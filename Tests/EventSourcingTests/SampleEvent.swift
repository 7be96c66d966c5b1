import EventSourcing

extension StoredEvent {
    /// An event of stream `o-17`, as far as a test doesn't say otherwise.
    static func sample(
        _ aggregateId: String = "o-17", version: Int = 1, id: String? = nil, type: String = "Noted", data: String = "{}",
        at: String = "2025-11-24T10:00:00.000000Z", epoch: Int = 3, origin: String = "r1", from: String? = nil
    ) -> StoredEvent {
        StoredEvent(
            aggregateId: aggregateId, version: version, eventId: id ?? "e-\(version)", type: type, data: data,
            meta: #"{"command":"k-1"}"#, at: at, epoch: epoch, origin: origin, from: from)
    }
}
