/// Streams that can't be replicated, or that a projector can't take in: what they touch can't be brought to one position on both sides.
///
/// Each is counted; the first ones are remembered, to bound the memory.
struct StoppedStreams: Sendable, Hashable {
    /// What can't go on with a stream.
    enum Place: Sendable, Hashable {
        case replication(into: String)
        case projector(readModel: String, release: String)

        /// As a person reads it.
        var text: String {
            switch self {
            case .replication(let release): "the replication into \(release)"
            case .projector(let readModel, let release): "projector/\(readModel) of \(release)"
            }
        }
    }

    struct Stop: Sendable, Hashable {
        var aggregateId: String
        var place: Place
    }

    /// How many there are. Beyond `limit` one that is told of again is counted again.
    private(set) var counts: [Place: Int] = [:]
    /// Those that are remembered, with the reason.
    private(set) var reasons: [Stop: String] = [:]

    static let limit = 1_000
    /// Characters of a reason.
    private static let longest = 300

    var isEmpty: Bool { counts.isEmpty }
    var count: Int { counts.values.reduce(0, +) }
    /// Whether every one is remembered.
    var isWhole: Bool { reasons.count == count }
    /// The streams that are remembered; of whichever release.
    var streams: Set<String> { Set(reasons.keys.map(\.aggregateId)) }

    mutating func stop(_ aggregateId: String, at place: Place, because reason: String) {
        let stop = Stop(aggregateId: aggregateId, place: place)
        guard reasons[stop] == nil else { return }
        counts[place, default: 0] += 1
        if reasons.count < Self.limit { reasons[stop] = String(reason.prefix(Self.longest)) }
    }

    mutating func add(_ other: StoppedStreams) {
        var unknown = other.counts
        for (stop, reason) in other.reasons {
            self.stop(stop.aggregateId, at: stop.place, because: reason)
            unknown[stop.place, default: 0] -= 1
        }
        for (place, count) in unknown where count > 0 { counts[place, default: 0] += count }
    }

    /// Those that keep events from the documents of a read model.
    func concerning(_ readModel: String) -> StoppedStreams {
        func concerns(_ place: Place) -> Bool {
            if case .projector(let name, _) = place { name == readModel } else { true }
        }
        var concerned = StoppedStreams()
        concerned.counts = counts.filter { concerns($0.key) }
        concerned.reasons = reasons.filter { concerns($0.key.place) }
        return concerned
    }

    /// For a report, with the documents that they hold back.
    func holding(_ documents: [String]) -> ParityReport.Stopped {
        let streams = reasons.map { stop, reason in
            ParityReport.Stopped.Stream(aggregateId: stop.aggregateId, place: stop.place.text, reason: reason)
        }
        return ParityReport.Stopped(
            documents: documents.sorted(), counts: Dictionary(uniqueKeysWithValues: counts.map { ($0.key.text, $0.value) }),
            streams: streams.sorted { ($0.aggregateId, $0.place) < ($1.aggregateId, $1.place) })
    }

    /// The counts, and the first few with their reasons.
    var summary: String { holding([]).summary }
}
