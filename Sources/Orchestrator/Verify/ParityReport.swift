/// What a comparison of two releases found. "Differs" and "could not tell" are never mixed, and no list is cut silently.
public struct ParityReport: Sendable, Hashable, Codable {
    public enum Verdict: String, Sendable, Codable {
        case matched
        case mismatched
        case inconclusive
    }

    public struct Difference: Sendable, Hashable, Codable {
        public var document: String
        /// The path of the field, e.g. `lines[0].sku`; `(document)` where one side has none.
        public var field: String
        /// `null` where that side has no such field or document. Of more than 2,000 bytes a part is shown, and the size.
        public var live: String?
        public var candidate: String?

        public func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(document, forKey: .document)
            try container.encode(field, forKey: .field)
            try container.encode(live, forKey: .live)
            try container.encode(candidate, forKey: .candidate)
        }

        private enum CodingKeys: String, CodingKey { case document, field, live, candidate }
    }

    /// How far one side's document is.
    public struct Position: Sendable, Hashable, Codable {
        /// How often the document was written.
        public var revision: Int
        /// The last event that changed it, `aggregateId@version`; absent on what an older version wrote.
        public var event: String?
    }

    /// How a document that differs came to be.
    public struct Evidence: Sendable, Hashable, Codable {
        public var document: String
        /// Absent where that side has no such document.
        public var live: Position?
        public var candidate: Position?
        /// The candidate's events that touch the document, `aggregateId@version type`, as far as `streams` tell.
        public var events: [String]
        /// The streams that were asked: those of the last event on either side. Others may touch the document, too.
        public var streams: [String]?
        /// Why the events couldn't be asked for; absent where they were.
        public var note: String?
    }

    /// Streams that can't be replicated, or that a projector can't take in, and what they hold back.
    public struct Stopped: Sendable, Hashable, Codable {
        public struct Stream: Sendable, Hashable, Codable {
            public var aggregateId: String
            /// What can't go on with it, e.g. `projector/order-summary of r2`.
            public var place: String
            public var reason: String
        }

        /// Documents that differ and that such a stream touches, or may touch, so that nobody can tell; in order.
        public var documents: [String]
        /// How many streams are stopped, by what can't go on with them.
        public var counts: [String: Int]
        /// The first of them, in order; at most 1,000.
        public var streams: [Stream]
    }

    public struct ReadModel: Sendable, Hashable, Codable {
        public var name: String
        /// Documents compared.
        public var documents: Int
        public var verdict: Verdict
        /// All that were found, in the order of the documents: `leftOut` says how many more there may be.
        public var differences: [Difference]
        /// Documents that differ.
        public var differing: Int
        /// Why it wasn't compared, or not fully.
        public var reason: String?
        /// Whether the manifest says that it isn't compared.
        public var unchecked: Bool
        /// What the manifest expects, e.g. `exact, ignoring updatedAt`.
        public var expectation = "exact"
        /// One for each document that differs.
        public var evidence: [Evidence] = []
        /// Documents that kept changing, so that nobody can tell.
        public var undecided: [String] = []
        /// Documents that differed at first sight and weren't looked at again, because the verdict stood already; not among those compared.
        /// Absent where there are none.
        public var leftOut: Int?
        /// What can't be brought to one position, because streams are stopped; not among those compared. Absent where there is nothing.
        public var stopped: Stopped?
    }

    public var stack: String
    public var live: String
    public var candidate: String
    public var verdict: Verdict
    /// Compared documents as a share of those that the manifest says should be: 0 to 1. 0 where nothing was compared, or `total` isn't known.
    public var coverage: Double
    public var readModels: [ReadModel]
    /// The events, where these were compared too.
    public var events: EventParity?
    /// When it was made; RFC 3339.
    public var at: String
    /// Documents that the manifest says should be compared; absent where that isn't known.
    public var total: Int?

    public init(
        stack: String, live: String, candidate: String, readModels: [ReadModel], total: Int?, events: EventParity? = nil, at: String = ""
    ) {
        self.stack = stack
        self.live = live
        self.candidate = candidate
        self.readModels = readModels
        self.events = events
        self.at = at
        self.total = total
        verdict = .inconclusive
        coverage = 0
        judge()
    }

    /// Draws the verdict and the coverage from what is known of each read model.
    mutating func judge() {
        let checked = readModels.filter { !$0.unchecked }
        let verdicts = checked.map(\.verdict) + [events?.verdict].compactMap(\.self)
        // A stack without read models has nothing that could differ; where the manifest leaves all of them out, nobody has looked.
        verdict = verdicts.isEmpty && !readModels.isEmpty ? .inconclusive : verdicts.worst
        // An older version kept the coverage alone.
        guard let total else { return }
        if total > 0 {
            coverage = Double(checked.reduce(0) { $0 + $1.documents }) / Double(total)
        } else {
            let isEmpty = checked.isEmpty ? readModels.isEmpty : checked.allSatisfy { $0.verdict == .matched }
            coverage = isEmpty ? 1 : 0
        }
    }

    /// Whether documents couldn't be compared because streams are stopped.
    var isHeldBack: Bool { readModels.contains { $0.stopped != nil } }

    /// Documents compared, over all read models.
    public var documents: Int { readModels.reduce(0) { $0 + $1.documents } }

    /// What wasn't compared, with the reason: read model to reason.
    public var unchecked: [String: String] {
        Dictionary(
            readModels.filter(\.unchecked).map { ($0.name, $0.reason ?? "the manifest says so") }, uniquingKeysWith: { first, _ in first })
    }
}

extension [ParityReport.Verdict] {
    var worst: ParityReport.Verdict { contains(.mismatched) ? .mismatched : contains(.inconclusive) ? .inconclusive : .matched }
}

extension ParityReport.Stopped {
    /// Streams that a sentence names.
    private static let shown = 3

    /// `1,204 at projector/order-summary of r2, 3 at the replication into r2, e.g. 'o-17' at projector/order-summary of r2: …; and 1,204 more`
    public var summary: String {
        let total = counts.values.reduce(0, +)
        let places = counts.sorted { $0.key < $1.key }.map { "\($0.value) at \($0.key)" }.joined(separator: ", ")
        let first = streams.prefix(Self.shown)
        let examples = first.map { "'\($0.aggregateId)' at \($0.place): \($0.reason)" }.joined(separator: "; ")
        return "\(places), e.g. \(examples)" + (total > first.count ? "; and \(total - first.count) more" : "")
    }

    /// Adds what another look found.
    mutating func add(_ other: Self) {
        documents = Set(documents).union(other.documents).sorted()
        counts.merge(other.counts) { max($0, $1) }
        let known = Set(streams.map { [$0.aggregateId, $0.place] })
        streams = Array(
            (streams + other.streams.filter { !known.contains([$0.aggregateId, $0.place]) })
                .sorted { ($0.aggregateId, $0.place) < ($1.aggregateId, $1.place) }.prefix(StoppedStreams.limit))
    }
}
