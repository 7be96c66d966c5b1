/// What is expected of one read model when the candidate is compared with the live release.
public struct ParityExpectation: Codable, Sendable, Hashable {
    public enum Check: Codable, Sendable, Hashable {
        /// Every document is equal, but for the fields named.
        case exact(ignoring: [String])
        /// The documents aren't compared. The reason is shown in the plan and in the receipt.
        case unchecked(because: String)
        /// The live release has no such read model.
        case new

        /// Every document is equal.
        public static var exact: Check { .exact(ignoring: []) }
    }

    public var readModel: String
    public var check: Check

    public static func readModel(_ name: String, _ check: Check) -> ParityExpectation {
        ParityExpectation(readModel: name, check: check)
    }
}

extension Stack {
    /// What is expected of a read model: what the manifest says, and if it says nothing, that it is exactly equal.
    public func parityCheck(of readModel: String) -> ParityExpectation.Check {
        parity.first { $0.readModel == readModel }?.check ?? .exact
    }
}
