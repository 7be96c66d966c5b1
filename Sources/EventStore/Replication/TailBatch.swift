import EventSourcing

/// The source events that one transaction of the tail carries, and what they become.
struct TailBatch: Sendable {
    private(set) var copy: StreamCopy
    private(set) var copies: [StoredEvent] = []
    /// Source events carried, skipped ones included.
    private(set) var events = 0
    private(set) var carried = Totals.zero
    private var targets: Set<String> = []
    private(set) var bytes = 0
    private let mapping: Mapping

    /// A transaction holds 100 actions: these, the cursor, the progress, the journal's entry and up to 15 outbox entries.
    private static let actions = 80

    init(after copy: StreamCopy, mapping: Mapping) {
        self.copy = copy
        self.mapping = mapping
    }

    /// The other streams' cursors that the transaction has to move.
    var otherTargets: Set<String> { targets }

    /// `false` where there is no more room, and nothing was added. `isEcho`: the target has the event already.
    mutating func add(_ event: StoredEvent, isEcho: Bool) throws -> Bool {
        var next = copy
        if isEcho {
            try next.skip(event, by: mapping)
            copy = next
            events += 1
            return true
        }
        var more: [StoredEvent] = []
        var touched = targets
        if mapping.layout == .inPlace {
            try next.copy(event, by: mapping, into: &more)
        } else {
            try next.convert(event, by: mapping, into: &more)
            touched.formUnion(more.lazy.map(\.aggregateId))
        }
        let size = more.reduce(0) { $0 + $1.size }
        let isFull = copies.count + more.count + touched.count > Self.actions || bytes + size > AppendLimits.bytes
        if isFull, !copies.isEmpty { return false }
        (copy, targets) = (next, touched)
        copies += more
        bytes += size
        events += 1
        carried.add(event)
        return true
    }

    /// Gives the copies their versions, after those of the target cursors.
    mutating func number(after cursors: [String: TargetCursor]) -> [String: Int] {
        var versions = cursors.mapValues(\.version)
        for index in copies.indices {
            versions[copies[index].aggregateId, default: 0] += 1
            copies[index].version = versions[copies[index].aggregateId, default: 1]
        }
        return versions
    }
}
