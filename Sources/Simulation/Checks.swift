import AWS
import EventSourcing
import EventStore

/// What must hold when nothing moves any more.
struct Checks {
    let world: World

    var violations: [Violation] { [Invariant.oneOwner, .durable, .totals, .readModels, .effects].compactMap(violation) }

    /// How the invariant is broken; nil where it holds, and for those that are checked as things happen.
    func violation(of invariant: Invariant) -> Violation? {
        switch invariant {
        case .oneOwner: whole()
        case .durable: durable()
        case .totals: totals()
        case .readModels: readModels()
        case .effects: effects()
        default: nil
        }
    }

    private func owner(of stream: String) -> String { world.oracle.heads[world.oracle.shard(of: stream)]?.owner ?? "r1" }

    /// A handover is whole: the release that is live owns every shard.
    private func whole() -> Violation? {
        let live = World.releases.filter { world.releaseState($0) == .live }
        for shard in world.shards.all where live != [world.oracle.heads[shard]?.owner ?? ""] {
            return Violation(.oneOwner, "shard \(shard) belongs to \(world.oracle.heads[shard]?.owner ?? "nobody"), live is \(live)")
        }
        return nil
    }

    private func durable() -> Violation? {
        for (stream, id) in world.oracle.acknowledged where world.oracle.events[owner(of: stream)]?[stream]?.contains(id) != true {
            return Violation(.durable, "\(owner(of: stream)) has lost event \(id) of \(stream)")
        }
        return nil
    }

    private func totals() -> Violation? {
        let held = Dictionary(uniqueKeysWithValues: World.releases.map { ($0, world.oracle.totals(of: $0, in: world.store)) })
        for shard in world.shards.all {
            guard let item = world.store.tables[World.names.ledger]?.item(ShardMap.key(shard), .text("head")),
                let head = try? Head(item: item)
            else {
                return Violation(.oneOwner, "shard \(shard) has no head")
            }
            if head.totals != held[head.owner]?[shard] {
                return Violation(
                    .totals, "the head of shard \(shard) says \(head.totals), \(head.owner) holds \(held[head.owner]?[shard] ?? .zero)")
            }
            guard let follower = head.outbox, world.enabled.contains(.replicator(from: head.owner)) else { continue }
            let left =
                world.store.tables[World.names.ledger]?.partitions[ShardMap.key(shard)]?.filter { $0.item["from"]?.string == head.owner }
                ?? []
            if !left.isEmpty { return Violation(.totals, "the outbox of shard \(shard) still has \(left.count) items") }
            for stream in world.streams where world.oracle.shard(of: stream) == shard {
                if world.oracle.events[head.owner]?[stream] ?? [] != world.oracle.events[follower]?[stream] ?? [] {
                    return Violation(.totals, "\(stream) differs in \(follower), which follows \(head.owner)")
                }
            }
        }
        return nil
    }

    private func readModels() -> Violation? {
        for release in World.releases where world.enabled.contains(.projector(release)) {
            let events = world.oracle.events[release] ?? [:]
            let documents = world.store.tables[World.names.release(release).readModel(World.readModel)]?.partitions ?? [:]
            for stream in world.streams {
                let ids = events[stream] ?? []
                let document = documents[stream]?.first?.item
                if (document?["count"]?.string ?? "0") != "\(ids.count)" || document?["last"]?.string != ids.last {
                    return Violation(
                        .readModels, "document \(stream) of \(release) is \(document ?? [:]); the stream has \(ids.count) events")
                }
            }
            let all = events.values.reduce(0) { $0 + $1.count }
            if documents["all"]?.first?.item["count"]?.string ?? "0" != "\(all)" {
                return Violation(.readModels, "document all of \(release) is \(documents["all"]?.first?.item ?? [:]) after \(all) events")
            }
        }
        return nil
    }

    private func effects() -> Violation? {
        guard world.schedule.traits.reacts else { return nil }
        let journal = world.store.tables[World.names.effects]?.partitions[Application.Mailer.name] ?? []
        let states = Dictionary(
            journal.map { ($0.item["eventId"]?.string ?? "", $0.item["state"]?.string ?? "") }, uniquingKeysWith: { first, _ in first })
        for (id, release) in world.oracle.origins where world.enabled.contains(.reactor(release)) || world.removed.contains(release) {
            switch states[id] {
            case "done"? where world.oracle.mails[id] == 1, "in-doubt"?: continue
            case let state:
                return Violation(
                    .effects, "event \(id) of \(release): \(world.oracle.mails[id] ?? 0) mails, journal '\(state ?? "nothing")'")
            }
        }
        return nil
    }
}
