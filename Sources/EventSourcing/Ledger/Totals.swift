import Crypto
#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Count and digest of a set of events. The digest is a sum, so it doesn't depend on order, and two sets can be added.
public struct Totals: Sendable, Hashable {
    public var events: Int
    public var digest: UInt128

    public static let zero = Totals(events: 0, digest: 0)

    public init(events: Int, digest: UInt128) {
        self.events = events
        self.digest = digest
    }

    /// The totals of a set of events, by DESIGN's definition of `digest`.
    public init(of events: some Sequence<StoredEvent>) {
        self = events.reduce(into: .zero) { $0.add($1) }
    }

    public mutating func add(_ event: StoredEvent) { add(digest: Totals.digest(of: event)) }

    /// Adds one event by its digest.
    public mutating func add(digest: UInt64) {
        events += 1
        self.digest += UInt128(digest)
    }

    public static func + (left: Totals, right: Totals) -> Totals {
        Totals(events: left.events + right.events, digest: left.digest + right.digest)
    }

    public static func += (left: inout Totals, right: Totals) { left = left + right }

    /// The first 8 bytes of SHA-256(aggregateId 0 version 0 eventId 0 type 0 origin 0 data), big-endian.
    public static func digest(of event: StoredEvent) -> UInt64 {
        var fields: [UInt8] = []
        fields.reserveCapacity(event.data.utf8.count + 256)
        for part in [event.aggregateId, String(event.version), event.eventId, event.type, event.origin] {
            fields.append(contentsOf: part.utf8)
            fields.append(0)
        }
        fields.append(contentsOf: event.data.utf8)
        return digest(ofFields: fields)
    }

    /// The digest of an event by what is hashed of it: `aggregateId 0 version 0 eventId 0 type 0 origin 0 data`, in UTF-8.
    public static func digest(ofFields bytes: [UInt8]) -> UInt64 {
        SHA256.hash(data: bytes).withUnsafeBytes { UInt64(bigEndian: $0.loadUnaligned(as: UInt64.self)) }
    }
}

extension Totals: Codable {
    private enum CodingKeys: String, CodingKey { case events, digest }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let text = try container.decode(String.self, forKey: .digest)
        guard let digest = UInt128(text) else {
            throw DecodingError.dataCorruptedError(forKey: .digest, in: container, debugDescription: "'\(text)' is no digest")
        }
        self.init(events: try container.decode(Int.self, forKey: .events), digest: digest)
    }

    /// The digest is encoded as text: it exceeds what JSON readers keep of a number.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(events, forKey: .events)
        try container.encode(String(digest), forKey: .digest)
    }
}
