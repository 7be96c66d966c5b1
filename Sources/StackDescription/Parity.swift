/// What is expected of one read model when the candidate is compared with the live release.
public struct ParityExpectation: Codable, Sendable, Hashable {
    public enum Check: Codable, Sendable, Hashable {
        /// Every document is equal, but for what is named here. See ``Leniency`` for how fields are named.
        case exact(ignoring: [String] = [], within: [String: Double] = [:], unordered: [String] = [])
        /// The candidate's document is what a mapping, a pure function of the artifact, makes of the live one, but for what is named here.
        case mapped(by: String, ignoring: [String] = [], within: [String: Double] = [:], unordered: [String] = [])
        /// The documents aren't compared. The reason is shown in the plan and in the receipt.
        case unchecked(because: String)
        /// The live release has no such read model. Where it has one by now, it is compared exactly.
        case new
        /// The live release has the read model, this one no longer does.
        case removed

        /// Every document is equal.
        public static var exact: Check { .exact() }
    }

    /// What may differ between two documents that count as equal.
    ///
    /// A field is named by its path from the document: `total`, `customer.name`; for what is in a list, `lines[].sku`.
    public struct Leniency: Sendable, Hashable {
        /// Fields that don't count.
        public var ignoring: [String]
        /// By how much numbers, or texts that are decimal numbers, may differ.
        public var within: [String: Double]
        /// Lists whose order doesn't count.
        public var unordered: [String]

        public init(ignoring: [String] = [], within: [String: Double] = [:], unordered: [String] = []) {
            self.ignoring = ignoring
            self.within = within
            self.unordered = unordered
        }
    }

    public var readModel: String
    public var check: Check

    public static func readModel(_ name: String, _ check: Check) -> ParityExpectation {
        ParityExpectation(readModel: name, check: check)
    }
}

extension ParityExpectation.Check {
    /// The mapping that it needs.
    public var mapping: String? {
        if case .mapped(let name, _, _, _) = self { name } else { nil }
    }

    /// `nil` where the documents aren't compared.
    public var leniency: ParityExpectation.Leniency? {
        switch self {
        case .exact(let ignoring, let within, let unordered), .mapped(_, let ignoring, let within, let unordered):
            .init(ignoring: ignoring, within: within, unordered: unordered)
        case .unchecked, .new, .removed: nil
        }
    }
}

extension Stack {
    /// What is expected of a read model: what the manifest says, and if it says nothing, that it is exactly equal.
    public func parityCheck(of readModel: String) -> ParityExpectation.Check {
        parity.first { $0.readModel == readModel }?.check ?? .exact
    }

    /// The mappings that its expectations need, each once.
    public var mappings: [String] { Set(parity.compactMap(\.check.mapping)).sorted() }
}
