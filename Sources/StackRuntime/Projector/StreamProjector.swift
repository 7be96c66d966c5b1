import EventSourcing

/// Brings a read model up to date with some streams, whatever store its documents are in.
package protocol StreamProjector: Sendable {
    /// Applies the events of the streams that were not applied yet: all of them, or those that the hints ask for. Returns the streams that have an event
    /// which can't be, with the reason.
    func project(_ hints: Hints) async throws -> [String: any StreamFault]
}

extension StreamProjector {
    package func project(_ streams: [String], atHand: [String: [StoredEvent]] = [:]) async throws -> [String: any StreamFault] {
        try await project(Hints(streams, atHand: atHand))
    }
}

extension Projector: StreamProjector {}
