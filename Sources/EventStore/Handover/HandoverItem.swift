import AWS
import EventSourcing
#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension HandoverRecord {
    static func key(stack: String, id: String) -> Item { ["stack": .s(stack), "item": .s("cutover#\(id)")] }

    func item(stack: String) -> Item {
        var item = Self.key(stack: stack, id: id)
        item["kind"] = .s(kind.rawValue)
        item["from"] = .s(from)
        item["to"] = .s(to)
        item["state"] = .s(state.rawValue)
        item["deadline"] = .s(Timestamp.format(deadline))
        item["epochs"] = .l(epochs.map { .int($0) })
        item["keepsWayBack"] = .bool(keepsWayBack)
        item["startedAt"] = .s(Timestamp.format(startedAt))
        return item
    }

    init(item: Item) throws {
        guard let name = item["item"]?.string, name.hasPrefix("cutover#"),
            let kind = item["kind"]?.string.flatMap(Kind.init(rawValue:)),
            let from = item["from"]?.string, let to = item["to"]?.string,
            let state = item["state"]?.string.flatMap(State.init(rawValue:)),
            let deadline = item["deadline"]?.string.flatMap(Timestamp.parse),
            let startedAt = item["startedAt"]?.string.flatMap(Timestamp.parse),
            let epochs = item["epochs"]?.list?.compactMap(\.int)
        else { throw OddItem(item: item, attribute: "kind, from, to, state, deadline, startedAt, epochs") }
        self.init(
            id: String(name.dropFirst("cutover#".count)), kind: kind, from: from, to: to, state: state, deadline: deadline, epochs: epochs,
            fromTotals: Self.totals(item["fromTotals"]), toTotals: Self.totals(item["toTotals"]), keepsWayBack: item["keepsWayBack"]?.bool,
            startedAt: startedAt,
            endedAt: item["endedAt"]?.string.flatMap(Timestamp.parse), reason: item["reason"]?.string)
    }

    /// A list of two-element lists: count and digest of each shard, in order.
    static func totalsValue(_ totals: [Totals]) -> AttributeValue {
        .l(totals.map { .l([.int($0.events), .n(String($0.digest))]) })
    }

    private static func totals(_ value: AttributeValue?) -> [Totals] {
        (value?.list ?? []).compactMap { pair in
            guard let list = pair.list, list.count == 2, let events = list[0].int, let digest = list[1].number.flatMap({ UInt128($0) })
            else { return nil }
            return Totals(events: events, digest: digest)
        }
    }
}
