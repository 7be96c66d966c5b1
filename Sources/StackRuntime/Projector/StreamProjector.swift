import EventSourcing

/// Brings a read model up to date with some streams, whatever store its documents are in.
protocol StreamProjector: Sendable {
    /// Applies every event of the streams that was not applied yet. Returns the streams that have an event which can't be, with the reason.
    ///
    /// `atHand`: events of the streams that the caller has read, in order; with `toTheEnd` a stream had no more when they were read.
    func project(_ hinted: [String], atHand: [String: [StoredEvent]], toTheEnd: Bool) async throws -> [String: any StreamFault]
}

extension Projector: StreamProjector {}
