import AWS
import EventSourcing
#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension Head {
    static func key(_ shard: Int) -> Item { ["shard": .s(ShardMap.key(shard)), "item": .s("head")] }

    /// Throws ``OddItem`` where an attribute is missing or of another type.
    public init(item: Item) throws {
        guard let shard = item["shard"]?.string.flatMap({ Int($0) }) else { throw OddItem(item: item, attribute: "shard") }
        guard let owner = item["owner"]?.string else { throw OddItem(item: item, attribute: "owner") }
        guard let epoch = item["epoch"]?.int else { throw OddItem(item: item, attribute: "epoch") }
        guard let totals = Totals(item: item, events: "events", digest: "digest") else { throw OddItem(item: item, attribute: "events") }
        var mark: HandoverMark?
        if let map = item["handover"]?.map {
            guard let id = map["id"]?.string, let to = map["to"]?.string,
                let deadline = map["deadline"]?.string.flatMap(Timestamp.parse)
            else { throw OddItem(item: item, attribute: "handover") }
            mark = HandoverMark(id: id, to: to, deadline: deadline)
        }
        var cut: Cut?
        if let id = item["cutId"]?.string, let epoch = item["cutEpoch"]?.int,
            let totals = Totals(item: item, events: "cutEvents", digest: "cutDigest")
        {
            cut = Cut(id: id, epoch: epoch, totals: totals)
        }
        self.init(
            shard: shard, owner: owner, epoch: epoch, totals: totals, outbox: item["outbox"]?.string, handover: mark, cut: cut)
    }
}

extension HandoverMark {
    var value: AttributeValue { .m(["id": .s(id), "to": .s(to), "deadline": .s(Timestamp.format(deadline))]) }
}

extension Totals {
    init?(item: Item, events: String, digest: String) {
        guard let count = item[events]?.int, let sum = item[digest]?.number.flatMap({ UInt128($0) }) else { return nil }
        self.init(events: count, digest: sum)
    }

    var digestValue: AttributeValue { .n(String(digest)) }
}
