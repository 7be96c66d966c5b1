/// What an audit of the consumers' cursors found, and what came of it.
public struct AuditReport: Sendable, Hashable, Codable {
    /// A stream that its consumer has not taken in up to its end.
    public struct Stream: Sendable, Hashable, Codable {
        public var aggregateId: String
        /// The last version that the consumer has passed; 0 where it has passed none.
        public var cursor: Int
        /// The last version in the store that concerns the consumer.
        public var version: Int
        /// Why it stays behind, where that is known.
        public var reason: String?
    }

    public struct Consumer: Sendable, Hashable, Codable {
        public var release: String
        /// `projector/<read model>` or `reactor/<name>`.
        public var consumer: String
        /// Streams looked at: all that hold an event which concerns it.
        public var streams: Int
        /// Streams that were behind, and not just on their way.
        public var behind: Int
        public var repaired: Int
        /// All of them.
        public var stillBehind: [Stream]
    }

    public var stack: String
    /// Whether the consumers were hinted at what was behind.
    public var hinted: Bool
    public var consumers: [Consumer]

    /// Whether nothing is behind any more.
    public var isSettled: Bool { consumers.allSatisfy(\.stillBehind.isEmpty) }
}
