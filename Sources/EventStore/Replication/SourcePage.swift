import AWS
import EventSourcing

/// A page of a scan of the source, stream by stream.
struct SourcePage: Sendable {
    let runs: [Run]
    /// The items that are no events.
    let odd: [OddItem]

    /// The items of one stream that stand together.
    struct Run: Sendable {
        var aggregateId: String
        /// By version.
        var events: [WireEvent] = []
        /// Whether the stream ends before the page does.
        var isWhole = true
        /// Some items of the stream are no events.
        var hasOddItems = false

        fileprivate var isInOrder: Bool { events.indices.dropFirst().allSatisfy { events[$0 - 1].version < events[$0].version } }
        var startsAtOne: Bool { events.first?.version == 1 && events.last?.version == events.count }
    }

    /// A Scan keeps the items of a partition key together in practice, but not everywhere by version: a local cloud sorts numbers as text.
    init(_ page: DynamoDB.EncodedPage) throws {
        var runs: [Run] = []
        var odd: [OddItem] = []
        for item in page.items {
            let item = try WireItem(item)
            if runs.last?.aggregateId != item.stream { runs.append(Run(aggregateId: item.stream)) }
            switch item {
            case .event(let event): runs[runs.count - 1].events.append(event)
            case .odd(_, let error):
                runs[runs.count - 1].hasOddItems = true
                odd.append(error)
            }
        }
        for index in runs.indices where !runs[index].isInOrder { runs[index].events.sort { $0.version < $1.version } }
        if page.lastKey != nil, let last = runs.indices.last { runs[last].isWhole = false }
        (self.runs, self.odd) = (runs, odd)
    }
}
