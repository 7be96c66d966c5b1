/// What a comparison of two releases' read models found. "Differs" and "could not tell" are never mixed.
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

    public struct ReadModel: Sendable, Hashable, Codable {
        public var name: String
        /// Documents compared.
        public var documents: Int
        public var verdict: Verdict
        /// Every difference of the first 100 documents that differ.
        public var differences: [Difference]
        /// Documents that differ.
        public var differing: Int
        /// Why it wasn't compared, or not fully.
        public var reason: String?
        /// Whether the manifest says that it isn't compared.
        public var unchecked: Bool
    }

    public var stack: String
    public var live: String
    public var candidate: String
    public var verdict: Verdict
    /// Compared documents as a share of those that the manifest says should be: 0 to 1.
    public var coverage: Double
    public var readModels: [ReadModel]

    public init(stack: String, live: String, candidate: String, readModels: [ReadModel], total: Int) {
        self.stack = stack
        self.live = live
        self.candidate = candidate
        self.readModels = readModels
        let checked = readModels.filter { !$0.unchecked }
        let compared = checked.reduce(0) { $0 + $1.documents }
        coverage = total == 0 ? (checked.allSatisfy { $0.verdict == .matched } ? 1 : 0) : Double(compared) / Double(total)
        if checked.contains(where: { $0.verdict == .mismatched }) {
            verdict = .mismatched
        } else if checked.contains(where: { $0.verdict == .inconclusive }) {
            verdict = .inconclusive
        } else {
            verdict = .matched
        }
    }

    /// Documents compared, over all read models.
    public var documents: Int { readModels.reduce(0) { $0 + $1.documents } }
}
