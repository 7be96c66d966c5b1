import AWS
import EventSourcing

/// Items of a source table that are no events.
public struct OddSource: StreamFault, Sendable, CustomStringConvertible {
    /// The first 20 of them.
    public var items: [OddItem]
    public var count: Int

    /// The events of a page. Throws with every item of it that is none.
    static func events(of items: [Item]) throws -> [StoredEvent] {
        var odd: [OddItem] = []
        var events: [StoredEvent] = []
        events.reserveCapacity(items.count)
        for item in items {
            do {
                events.append(try StoredEvent(item: item))
            } catch let error as OddItem {
                odd.append(error)
            }
        }
        guard odd.isEmpty else { throw OddSource(items: Array(odd.prefix(20)), count: odd.count) }
        return events
    }

    public var description: String {
        let list = items.map { "\($0.key) (no usable '\($0.attribute)')" }.joined(separator: ", ")
        let more = count > items.count ? " and \(count - items.count) more" : ""
        return
            "\(count) items of the live events table are no events: \(list)\(more). The live release is untouched: mend or remove them there, then run `immutable deploy` again; it goes on where it stopped."
    }
}
