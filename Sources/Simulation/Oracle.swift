import AWS
import EventSourcing
import EventStore

/// Knows what really happened: sees each write when it happens, each answer and each mail, and holds them against the invariants.
struct Oracle {
    let shards: ShardMap
    let streams: [String]
    private let shardOfStream: [String: Int]
    private let eventIDs = EventIDs()
    private(set) var violation: Violation?
    private(set) var heads: [Int: State] = [:]
    /// Ids of a release's events per stream, in order of their versions.
    private(set) var events: [String: [String: [String]]] = ["r1": [:], "r2": [:]]
    private var ids: [String: Set<String>] = ["r1": [], "r2": []]
    /// Where an event was first committed.
    private(set) var origins: [String: String] = [:]
    private(set) var mails: [String: Int] = [:]
    /// How many events a stream had in its owner's store, and since when.
    private var counts: [String: [Moment]] = [:]
    private var seals: [Int: [(from: Int, to: Int, id: String)]] = [:]
    private var sentAt: [String: Int] = [:]
    private(set) var changesOfOwner = 0
    private(set) var acknowledged: [(stream: String, id: String)] = []

    private struct Moment {
        var at: Int
        var count: Int
        /// Until then a reader may still see what was before.
        var visible: Int
    }

    struct State {
        var owner: String
        var epoch: Int
        var seal: String?
    }

    /// Ids by command, stream and index: their digests cost more than a call to the store.
    private final class EventIDs {
        var known: [String: String] = [:]
    }

    init(shards: ShardMap, streams: [String]) {
        self.shards = shards
        self.streams = streams
        shardOfStream = Dictionary(uniqueKeysWithValues: streams.map { ($0, shards.shard(of: $0)) })
    }

    func shard(of stream: String) -> Int { shardOfStream[stream] ?? shards.shard(of: stream) }

    private mutating func fail(_ invariant: Invariant, _ detail: String) {
        if violation == nil { violation = Violation(invariant, detail) }
    }

    // MARK: Writes

    mutating func committed(_ changes: [MemoryStore.Change], at now: Int) {
        for change in changes {
            if let release = Application.release(ofEvents: change.place.table) { event(change, release, now) }
        }
        for change in changes where change.place.table == World.names.ledger && change.place.range == .text("head") {
            head(change, now)
        }
    }

    private mutating func event(_ change: MemoryStore.Change, _ release: String, _ now: Int) {
        let stream = change.place.hash
        guard case .number(let version) = change.place.range, let item = change.new, let id = item["eventId"]?.string else {
            return fail(.durable, "an event of \(stream) was removed from \(release)")
        }
        if let old = change.old {
            if old != item { fail(.durable, "event \(stream)@\(version) of \(release) was changed") }
            return
        }
        let last = events[release]?[stream]?.count ?? 0
        if version != last + 1 { fail(.contiguous, "\(stream)@\(version) of \(release) follows version \(last)") }
        if ids[release, default: []].contains(id) { fail(.contiguous, "\(stream)@\(version) of \(release) is there twice") }
        ids[release, default: []].insert(id)
        events[release, default: [:]][stream, default: []].append(id)
        let head = heads[shard(of: stream)]
        if item["from"] == nil {
            if let head, head.owner != release || head.seal != nil || item["epoch"]?.int != head.epoch {
                fail(.oneOwner, "\(release) committed \(stream)@\(version) while the head was \(head)")
            }
            origins[id] = release
        }
        if head?.owner == release { counts[stream, default: []].append(Moment(at: now, count: last + 1, visible: now)) }
    }

    private mutating func head(_ change: MemoryStore.Change, _ now: Int) {
        guard let shard = Int(change.place.hash), let item = change.new, let owner = item["owner"]?.string, let epoch = item["epoch"]?.int
        else { return fail(.oneOwner, "the head of \(change.place.hash) is gone") }
        let before = heads[shard]
        let state = State(owner: owner, epoch: epoch, seal: item["handover"]?.map?["id"]?.string)
        heads[shard] = state
        if state.seal != before?.seal {
            if let last = seals[shard]?.indices.last, before?.seal != nil { seals[shard]?[last].to = now }
            if let seal = state.seal { seals[shard, default: []].append((now, .max, seal)) }
        }
        guard let before else { return }
        if epoch < before.epoch { fail(.oneOwner, "the epoch of shard \(shard) went back from \(before.epoch) to \(epoch)") }
        guard owner != before.owner else { return }
        changesOfOwner += 1
        if before.seal == nil { fail(.oneOwner, "shard \(shard) went to \(owner) without a seal") }
        for stream in streams where self.shard(of: stream) == shard {
            let old = events[before.owner]?[stream] ?? []
            let new = events[owner]?[stream] ?? []
            if old != new {
                fail(.durable, "\(stream) has \(new.count) events in \(owner), which takes over the \(old.count) of \(before.owner)")
            }
            counts[stream, default: []].append(Moment(at: now, count: new.count, visible: now))
        }
    }

    /// A transaction shows bit by bit until then.
    mutating func becomesVisible(_ changes: [MemoryStore.Change], at time: Int) {
        for change in changes {
            guard let last = counts[change.place.hash]?.indices.last else { continue }
            counts[change.place.hash]?[last].visible = time
        }
    }

    func totals(of release: String, in store: MemoryStore) -> [Totals] {
        var totals = Array(repeating: Totals.zero, count: shards.count)
        for (stream, entries) in store.tables[World.names.release(release).events]?.partitions ?? [:] {
            for entry in entries {
                if let event = try? StoredEvent(item: entry.item) { totals[shard(of: stream)].add(event) }
            }
        }
        return totals
    }

    // MARK: Clients

    mutating func sent(_ request: Client.Request, at now: Int) { sentAt[request.id] = now }

    mutating func answered(_ request: Client.Request, _ answer: Answer, at now: Int) -> Violation? {
        let stream = request.stream
        guard let owner = heads[shard(of: stream)]?.owner else { return nil }
        let stored = events[owner]?[stream] ?? []
        guard let count = answer.body["count"]?.string.flatMap({ Int($0) }) else {
            return Violation(.idempotent, "\(request.id) got \(answer.status) \(answer.body)")
        }
        let ids = (0..<request.events).map { id(of: request, $0) }
        switch answer.status {
        case 201:
            for (index, id) in ids.enumerated() {
                guard let position = stored.firstIndex(of: id) else {
                    return Violation(.durable, "\(request.id) was acknowledged, and \(owner) hasn't its event \(index)")
                }
                if position != count + index {
                    return Violation(.idempotent, "\(request.id) was told \(count), its event stands at \(position)")
                }
                acknowledged.append((stream, id))
            }
        case 200, 409:
            if ids.contains(where: stored.contains) {
                return Violation(.idempotent, "\(request.id) was refused although its events are stored")
            }
            let since = sentAt[request.id] ?? 0
            let moments = counts[stream] ?? []
            let wasTrue =
                moments.indices.contains { index in
                    moments[index].count == count && moments[index].at <= now
                        && (index + 1 == moments.count || moments[index + 1].visible >= since)
                } || (count == 0 && (moments.first?.visible ?? .max) >= since)
            if !wasTrue {
                return Violation(
                    .truthful,
                    "\(request.id) was told \(answer.status) \(count) between \(since) and \(now) µs; the owner's stream: \(moments)")
            }
        default: return Violation(.idempotent, "\(request.id) got \(answer.status)")
        }
        return nil
    }

    private func id(of request: Client.Request, _ index: Int) -> String {
        let name = "\(request.id)/\(request.stream)/\(index)"
        if let known = eventIDs.known[name] { return known }
        let id = EventID.of(command: request.id, aggregateId: request.stream, index: index)
        eventIDs.known[name] = id
        return id
    }

    /// How many handovers stopped the stream's writes since then.
    func handovers(on stream: String, since: Int) -> Int {
        Set((seals[shard(of: stream)] ?? []).filter { $0.to >= since }.map(\.id)).count
    }

    // MARK: Effects

    mutating func sent(mailAbout id: String, by release: String) -> Violation? {
        mails[id, default: 0] += 1
        if mails[id] != 1 { return Violation(.effects, "a second mail about event \(id)") }
        if origins[id] != release { return Violation(.effects, "\(release) mailed about an event of \(origins[id] ?? "nobody")") }
        return nil
    }
}
