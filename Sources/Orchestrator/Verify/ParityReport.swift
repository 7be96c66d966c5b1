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
        /// `null` where that side has no such field or document.
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
        /// The candidate's events that touch the document, `aggregateId@version type`, as far as one stream tells: the one of the last event.
        public var events: [String]
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
    }

    public var stack: String
    public var live: String
    public var candidate: String
    public var verdict: Verdict
    /// Compared documents as a share of those that the manifest says should be: 0 to 1.
    public var coverage: Double
    public var readModels: [ReadModel]
    /// The events, where these were compared too.
    public var events: EventParity?
    /// When it was made; RFC 3339.
    public var at: String

    public init(
        stack: String, live: String, candidate: String, readModels: [ReadModel], total: Int, events: EventParity? = nil, at: String = ""
    ) {
        self.stack = stack
        self.live = live
        self.candidate = candidate
        self.readModels = readModels
        self.events = events
        self.at = at
        let checked = readModels.filter { !$0.unchecked }
        let compared = checked.reduce(0) { $0 + $1.documents }
        coverage = total == 0 ? (checked.allSatisfy { $0.verdict == .matched } ? 1 : 0) : Double(compared) / Double(total)
        verdict = (checked.map(\.verdict) + (events.map { [$0.verdict] } ?? [])).worst
    }

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
