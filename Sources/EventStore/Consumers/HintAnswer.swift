import EventSourcing
#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What a projector or a reactor answers to hints.
public struct HintAnswer: Sendable, Hashable, Codable {
    /// A stream that the consumer can't go on with.
    public struct Fault: Sendable, Hashable, Codable {
        public var aggregateId: String
        /// The event at which the stream stops; absent where it isn't known which.
        public var event: EventReference?
        /// At most 2,000 characters.
        public var error: String
    }

    /// Always empty: what fails is parked or thrown, so that no record is taken off the bus unseen.
    public var batchItemFailures: [String]
    public var faults: [Fault]
    /// The number of the generation that the streams were projected into, where one was named.
    public var generation: Int?

    public init(_ faults: [String: any StreamFault], generation: Int? = nil) {
        self.generation = generation
        batchItemFailures = []
        self.faults = faults.sorted { $0.key < $1.key }.map { stream, fault in
            Fault(aggregateId: stream, event: fault.event, error: Parking.text(fault))
        }
    }

    public func bytes() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(self))
    }
}
