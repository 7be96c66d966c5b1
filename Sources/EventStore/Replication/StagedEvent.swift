import AWS
import EventSourcing

/// An event of a merged stream that has no version yet: an item of the candidate's staging table, whose keys are its target and its place there.
struct StagedEvent: Sendable {
    var event: StoredEvent
    var order: String
    /// The event that it comes of, and its place among what comes of that.
    var source: StoredEvent
    var part: Int

    /// A sort key has at most 1,024 bytes; a stream's id takes up to 512 of them.
    private static let orderBytes = 400

    init(event: StoredEvent, order: String, source: StoredEvent, part: Int) throws {
        guard order.utf8.count <= Self.orderBytes else {
            throw TransformFailed(source, "its order key has \(order.utf8.count) bytes, at most \(Self.orderBytes) are possible")
        }
        (self.event, self.order, self.source, self.part) = (event, order, source, part)
    }

    var item: Item {
        // U+0001 sorts before whatever an order key goes on with.
        let place = [order, source.aggregateId, padded(source.version, 16), padded(part, 2)].joined(separator: "\u{1}")
        return event.item.merging(["target": .s(event.aggregateId), "order": .s(place)]) { _, new in new }
    }

    private func padded(_ number: Int, _ digits: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}
