#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What a comparison asks of a projector: to bring some streams in up to a version at least, and to tell which documents their events after a version touch.
/// `{"touched": [{"stream": "o-17", "after": 3, "upTo": 5}]}`
public struct TouchedOrder: Sendable, Hashable, Codable {
    public struct Stream: Sendable, Hashable, Codable {
        public var stream: String
        /// The last version that doesn't count.
        public var after: Int
        /// A version that is there for certain, though a read may not show it at once.
        public var upTo: Int

        public init(stream: String, _ span: TouchedSpan) {
            self.stream = stream
            after = span.after
            upTo = span.upTo
        }

        public var span: TouchedSpan { TouchedSpan(after: after, upTo: upTo) }
    }

    public struct Answer: Sendable, Hashable, Codable {
        /// By stream.
        public var documents: [String: [String]]
        /// Streams that the projector can't go on with.
        public var faults: [HintAnswer.Fault]

        public init(documents: [String: [String]], faults: [HintAnswer.Fault]) {
            self.documents = documents
            self.faults = faults
        }

        public func bytes() throws -> [UInt8] { Array(try JSONEncoder().encode(self)) }
    }

    public var touched: [Stream]

    public init(touched: [Stream]) { self.touched = touched }
}
