/// What a rebuild asks of a projector: `{"generation": 1, "streams": ["o-17"]}`. Only that generation gets them, and nothing is parked.
public struct GenerationOrder: Sendable, Hashable, Codable {
    public var generation: Int
    public var streams: [String]

    public init(generation: Int, streams: [String]) {
        self.generation = generation
        self.streams = streams
    }
}
