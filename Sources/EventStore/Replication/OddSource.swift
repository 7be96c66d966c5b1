import AWS
import EventSourcing

/// Items of a source table that are no events.
public struct OddSource: StreamFault, Sendable, CustomStringConvertible {
    /// The first 20 of them.
    public var items: [OddItem]
    public var count: Int

    static let shown = 20

    public init(items: [OddItem], count: Int) { (self.items, self.count) = (Array(items.prefix(Self.shown)), count) }

    init?(_ odd: [OddItem]) {
        guard !odd.isEmpty else { return nil }
        self.init(items: odd, count: odd.count)
    }

    public var description: String {
        let list = items.map { "\($0.key) (no usable '\($0.attribute)')" }.joined(separator: ", ")
        let more = count > items.count ? " and \(count - items.count) more" : ""
        return
            "\(count) items of the live events table are no events: \(list)\(more). The live release is untouched: mend or remove them there, then run `immutable deploy` again; it goes on where it stopped. With --quarantine it sets them aside instead."
    }
}

/// An item of a source table as it came: an event, or not.
enum WireItem: Sendable {
    case event(WireEvent)
    case odd(Item, OddItem)

    init(_ item: EncodedItem, isStaged: Bool = false) throws {
        do {
            self = .event(try WireEvent(item, isStaged: isStaged))
        } catch let error as OddItem {
            self = .odd(try item.decoded(), error)
        }
    }

    var stream: String {
        switch self {
        case .event(let event): event.aggregateId
        case .odd(let item, _): item["aggregateId"]?.string ?? ""
        }
    }
}
