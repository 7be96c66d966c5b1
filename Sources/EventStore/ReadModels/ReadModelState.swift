import AWS

/// Which generations of a read model there are. One item of the release's cursors table; where it is missing, there is generation 0 alone.
///
/// A projector reads it after its work, so that every event is in each generation that is kept up to date at that moment; queries read it at
/// least every ``Serving/lifetime``.
public struct ReadModelState: Sendable, Hashable {
    /// How far a rebuild is.
    public enum Phase: String, Sendable, Hashable, Codable {
        /// The new generation's table is being made. Followed by `filling`, or `removing`.
        case creating
        /// The new generation is filled and kept up to date beside the one that serves. Followed by `swapped`, or `removing`.
        case filling
        /// The new generation serves. The other one is kept up to date for those who don't know yet. Followed by `removing`.
        case swapped
        /// The generation that doesn't serve is being removed.
        case removing
    }

    /// A rebuild that isn't finished.
    public struct Rebuild: Sendable, Hashable {
        public var phase: Phase
        /// The number of the generation that doesn't serve.
        public var other: Int

        public init(phase: Phase, other: Int) {
            self.phase = phase
            self.other = other
        }
    }

    public let readModel: String
    /// The number of the generation that answers queries.
    public var serving = 0
    public var rebuild: Rebuild?
    /// The highest number that was ever used: none is used twice.
    public var last = 0
    /// Counts the writes of this item.
    private var revision = 0

    public init(readModel: String) { self.readModel = readModel }

    public var servingGeneration: Generation { Generation(readModel, serving) }

    /// The generation that doesn't serve, where there is one.
    public var otherGeneration: Generation? { rebuild.map { Generation(readModel, $0.other) } }

    /// Those that a projector keeps up to date, the serving one first.
    public var maintained: [Generation] {
        guard let rebuild, [.filling, .swapped].contains(rebuild.phase) else { return [servingGeneration] }
        return [servingGeneration, Generation(readModel, rebuild.other)]
    }

    static func key(_ readModel: String) -> Item { ["consumer": .s("generations/\(readModel)")] }

    public static func read(_ dynamo: any ItemStore, _ names: ReleaseNames, _ readModel: String) async throws -> ReadModelState {
        try await dynamo.getItem(names.cursors, key(readModel)).map { try ReadModelState($0, readModel) } ?? .init(readModel: readModel)
    }

    private init(_ item: Item, _ readModel: String) throws {
        self.readModel = readModel
        guard let serving = item["serving"]?.int, let last = item["last"]?.int, let revision = item["revision"]?.int else {
            throw OddItem(item: item, attribute: "serving, last, revision")
        }
        (self.serving, self.last, self.revision) = (serving, last, revision)
        guard let text = item["phase"]?.string else { return }
        guard let phase = Phase(rawValue: text), let other = item["other"]?.int else {
            throw OddItem(item: item, attribute: "phase, other")
        }
        rebuild = Rebuild(phase: phase, other: other)
    }

    /// Writes it, conditional on what was read. Throws ``ReadModelChanged`` where someone else wrote it since, and `LockLost`.
    public func advanced(_ dynamo: any ItemStore, _ names: ReleaseNames, fence: Write) async throws -> ReadModelState {
        var next = self
        next.revision += 1
        var item = Self.key(readModel)
        item["serving"] = .int(next.serving)
        item["last"] = .int(next.last)
        item["revision"] = .int(next.revision)
        if let rebuild {
            item["phase"] = .s(rebuild.phase.rawValue)
            item["other"] = .int(rebuild.other)
        }
        let write = Write.put(
            names.cursors, item, if: revision == 0 ? "attribute_not_exists(#revision)" : "#revision = :old",
            values: revision == 0 ? [:] : [":old": .int(revision)])
        do {
            try await dynamo.transact([write, fence], tries: 10)
        } catch DynamoDBError.transactionCancelled(let reasons) {
            if reasons.last?.code == "ConditionalCheckFailed" { throw LockLost() }
            guard reasons.first?.code == "ConditionalCheckFailed" else { throw DynamoDBError.transactionCancelled(reasons) }
            // An own earlier try whose answer was lost.
            let now = try await Self.read(dynamo, names, readModel)
            guard now == next else { throw ReadModelChanged(readModel: readModel) }
        }
        return next
    }
}

/// A read model's state that another command changed meanwhile.
public struct ReadModelChanged: Error, Sendable, CustomStringConvertible {
    public var readModel: String

    public var description: String { "another command changed which table serves '\(readModel)'. Run this one again." }
}
