#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What a rebuild asks of a projector: `{"generation": 1, "streams": ["o-17"]}`. Only that generation gets them, and nothing is parked.
public struct GenerationOrder: Sendable, Hashable, Codable {
    public var generation: Int
    public var streams: [String]

    public init(generation: Int, streams: [String]) {
        self.generation = generation
        self.streams = streams
    }

    /// `nil` where the payload is something else.
    public static func asked(_ payload: [UInt8]) throws -> GenerationOrder? {
        struct Order: Decodable {
            var generation: Int?
            var streams: [String]?
        }
        let order = try JSONDecoder().decode(Order.self, from: Data(payload))
        guard let generation = order.generation, let streams = order.streams else { return nil }
        return GenerationOrder(generation: generation, streams: streams)
    }
}
