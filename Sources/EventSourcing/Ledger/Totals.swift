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

    public mutating func add(_ event: StoredEvent) {
        events += 1
        digest += UInt128(Totals.digest(of: event))
    }

    public static func + (left: Totals, right: Totals) -> Totals {
        Totals(events: left.events + right.events, digest: left.digest + right.digest)
    }

    public static func += (left: inout Totals, right: Totals) { left = left + right }

    /// The first 8 bytes of SHA-256(aggregateId 0 version 0 eventId 0 type 0 origin 0 data), big-endian.
    public static func digest(of event: StoredEvent) -> UInt64 {
        var hash = SHA256()
        for part in [event.aggregateId, String(event.version), event.eventId, event.type, event.origin] {
            hash.update(data: Data(part.utf8))
            hash.update(data: [0])
        }
        hash.update(data: Data(event.data.utf8))
        return hash.finalize().prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
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
