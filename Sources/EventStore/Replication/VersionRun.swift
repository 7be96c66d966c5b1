import EventSourcing

/// The versions of one stream as a scan shows them, in any order: without a gap there are as many as the highest says.
struct VersionRun: Sendable, Hashable, Codable {
    let aggregateId: String
    private var count = 0
    private var highest = 0

    init(_ aggregateId: String) { self.aggregateId = aggregateId }

    mutating func add(_ version: Int) {
        count += 1
        highest = max(highest, version)
    }

    /// A scan that goes on while a stream grows may show a later event without an earlier one.
    var mayHaveGap: Bool { count != highest }
}
