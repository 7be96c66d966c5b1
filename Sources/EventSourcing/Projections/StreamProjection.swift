/// A projection that makes one document of each stream, of the stream's id.
///
/// What a search index needs: the version of a document is then that of its stream's last event, so that of two versions the index can tell
/// which is the later one.
public protocol StreamProjection: Projection {}

extension StreamProjection {
    public static func documentIDs(for event: StoredEvent) throws -> [String] { [event.aggregateId] }
}

extension AnyProjection {
    /// Whatever the type says of `documentIDs`, it is asked for the stream's own document only.
    public init<P: StreamProjection>(_ projection: P.Type) {
        self.init(
            name: P.name, documentIDs: { [$0.aggregateId] }, isOfStreams: true, json: AnyProjection(whole: P.self).applyToJSON)
    }
}
