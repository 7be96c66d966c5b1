import AWS
import EventSourcing

/// One stream on its way through the first pass of a replay: whole, in order, event by event.
struct ReplayedStream: Sendable {
    private let transform: AnyTransform
    let stream: String
    private let shard: Int
    private var copy: StreamCopy
    /// The same once more, where the transform is held against itself.
    private var twin: StreamCopy?
    private var trip: RoundTrip?
    private var last: StoredEvent?
    /// Merged events are ordered by this: the largest key so far, so that a stream's own order stays.
    private var order = ""
    private var claimed: Set<String> = []
    /// What comes of the event at hand, until it is placed.
    private var copies: [StoredEvent] = []
    private var scratch: [UInt8] = []

    /// - Parameter isSampled: whether its first events are converted twice, which must give the same.
    init(_ stream: String, on shard: Int, transform: AnyTransform, from source: String, isSampled: Bool) {
        self.stream = stream
        self.shard = shard
        self.transform = transform
        copy = StreamCopy(from: source)
        twin = isSampled && !transform.forward.isIdentity ? copy : nil
        trip = RoundTrip(transform, of: stream)
    }

    private static let sampledEvents = 1_000

    var sourceVersion: Int { copy.sourceVersion }

    /// How far it is, for a checkpoint.
    var open: OpenStream { OpenStream(aggregateId: stream, version: copy.sourceVersion, targetVersion: copy.targetVersion) }

    /// Goes on after `open`, which is written and counted. Returns `false` where what comes of later events depends on earlier ones: they have
    /// to be carried once more, into a batch that isn't written, and then ``restartCount()``.
    mutating func skip(to open: OpenStream) -> Bool {
        let forward = transform.forward
        guard forward.layout == .inPlace, !forward.hasState, !forward.closesAtCut, trip?.keepsNothing ?? true else { return false }
        copy = StreamCopy(from: copy.from, sourceVersion: open.version, targetVersion: open.targetVersion)
        twin = nil
        return true
    }

    /// Hands what was counted of the way back to a checkpoint.
    mutating func settle(into batch: inout ReplayBatch) {
        if let trip { batch.checkpoint.add(trip) }
        restartCount()
    }

    mutating func restartCount() { trip?.restartCount() }

    /// Adds what comes of the stream's next event to the batch.
    mutating func carry(_ event: WireEvent, into batch: inout ReplayBatch) throws {
        if transform.isIdentity { try keep(event, into: &batch) } else { try convert(event.decoded(), into: &batch) }
    }

    /// The copy has the event's own bytes and digest; nothing of it is decoded.
    private mutating func keep(_ event: WireEvent, into batch: inout ReplayBatch) throws {
        let version = try copy.keep(version: event.version, of: stream)
        batch.countKept(try event.digest(version: version, &scratch), on: shard)
        trip?.keep()
        batch.puts.append(event.copy(version: version, from: copy.from))
    }

    private mutating func convert(_ event: StoredEvent, into batch: inout ReplayBatch) throws {
        if transform.forward.layout == .merging {
            try copy.convert(event, by: transform.forward, into: &copies)
        } else {
            try copy.copy(event, by: transform.forward, into: &copies)
        }
        try checkTwin(event)
        try trip?.check(event, became: copies)
        batch.count(event, on: shard)
        try place(event, &batch)
        last = event
    }

    /// Adds what the transform adds at the cut.
    mutating func finish(into batch: inout ReplayBatch) throws {
        try copy.close(after: last, by: transform.forward, into: &copies)
        if let last {
            try checkTwinsEnd(last)
            try trip?.close(adding: copies, after: last)
            try place(last, &batch)
        }
        trip?.finish()
        settle(into: &batch)
    }

    private mutating func checkTwin(_ event: StoredEvent) throws {
        guard var second = twin else { return }
        var again: [StoredEvent] = []
        if transform.forward.layout == .merging {
            try second.convert(event, by: transform.forward, into: &again)
        } else {
            try second.copy(event, by: transform.forward, into: &again)
        }
        guard again == copies else { throw Self.changing(event, "converted twice it gives different events") }
        twin = event.version < Self.sampledEvents ? second : nil
    }

    /// What is added at the cut, once more.
    private mutating func checkTwinsEnd(_ last: StoredEvent) throws {
        guard var second = twin else { return }
        var again: [StoredEvent] = []
        try second.close(after: last, by: transform.forward, into: &again)
        guard again == copies else { throw Self.changing(last, "what is added after it at the cut differs from one time to the next") }
    }

    private static func changing(_ event: StoredEvent, _ what: String) -> TransformFailed {
        TransformFailed(event, "\(what): a transform must depend on the events alone, not on time or chance")
    }

    /// Where the copies go: the target's table, or what is staged for it.
    private mutating func place(_ event: StoredEvent, _ batch: inout ReplayBatch) throws {
        switch transform.forward.layout {
        case .inPlace: batch.put(copies, of: stream, on: shard)
        case .moving:
            batch.put(copies, of: stream, on: shard)
            for copy in copies where claimed.insert(copy.aggregateId).inserted {
                batch.claims.append(TargetClaim(target: copy.aggregateId, event: event))
            }
        case .merging:
            let key = try transform.forward.order(of: event)
            if twin != nil, try transform.forward.order(of: event) != key {
                throw Self.changing(event, "asked twice it has different places in the merged stream")
            }
            if order.utf8.lexicographicallyPrecedes(key.utf8) { order = key }
            try batch.stage(copies, order: order, of: event)
        }
        copies.removeAll(keepingCapacity: true)
    }
}

/// What a page of the first pass writes, and the checkpoint that follows it.
struct ReplayBatch: Sendable {
    let shards: ShardMap
    var checkpoint: ReplayCheckpoint
    /// Items of the target's events table.
    var puts: [EncodedItem] = []
    /// Items of its staging table.
    var staged: [EncodedItem] = []
    var claims: [TargetClaim] = []
    /// Records of what is set aside, and marks of its streams: items of the candidate's cursors table.
    var aside: [Item] = []

    init(shards: ShardMap, checkpoint: ReplayCheckpoint) {
        self.shards = shards
        self.checkpoint = checkpoint
    }

    /// `shard` is that of the event's stream: hashing it again for each event would be what a replay mostly does.
    mutating func count(_ event: StoredEvent, on shard: Int) { checkpoint.progress[shard, default: .zero].source.add(event) }

    /// An event whose copy has its digest, and its stream.
    mutating func countKept(_ digest: UInt64, on shard: Int) {
        checkpoint.progress[shard, default: .zero].source.add(digest: digest)
        checkpoint.progress[shard, default: .zero].targets[shard, default: .zero].add(digest: digest)
    }

    mutating func put(_ copies: [StoredEvent], of stream: String, on shard: Int) {
        for copy in copies {
            let target = copy.aggregateId == stream ? shard : shards.shard(of: copy.aggregateId)
            // By target alone: a total for each pair of a source's and a target's shard would outgrow a checkpoint's item.
            checkpoint.progress[target, default: .zero].targets[target, default: .zero].add(copy)
            puts.append(copy.encoded)
        }
    }

    /// Sets an item of the source aside, which is no event (`reason`) or follows one that is none.
    mutating func setAside(_ item: Item, key: String, reason: String, from source: String, on shard: Int) {
        aside.append(Quarantine.record(of: item, key: key, reason: reason, source: source))
        if let event = Quarantine.counted(item) {
            checkpoint.setAside[shard, default: .none].known.add(event)
        } else {
            checkpoint.setAside[shard, default: .none].unknown += 1
        }
        if checkpoint.setAsideKeys.count < ReplayCheckpoint.keysShown { checkpoint.setAsideKeys.append(key) }
    }

    mutating func stage(_ copies: [StoredEvent], order: String, of event: StoredEvent) throws {
        for (part, copy) in copies.enumerated() {
            checkpoint.staged.add(copy)
            staged.append(EncodedItem(try StagedEvent(event: copy, order: order, source: event, part: part).item))
        }
    }
}
