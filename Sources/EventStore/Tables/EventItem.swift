import AWS
import EventSourcing

extension StoredEvent {
    /// The event as an item of an events table.
    public var item: Item {
        var item: Item = [
            "aggregateId": .s(aggregateId), "version": .int(version), "eventId": .s(eventId), "type": .s(type), "schema": .int(schema),
            "data": .s(data), "meta": .s(meta), "at": .s(at), "epoch": .int(epoch), "origin": .s(origin),
        ]
        if let from { item["from"] = .s(from) }
        if let source { item["source"] = .s(source) }
        return item
    }

    /// The bytes of ``item``.
    var encoded: EncodedItem {
        var writer = EncodedItemWriter(capacity: size + data.utf8.count / 4 + 160)
        writer.string("aggregateId", aggregateId)
        writer.string("at", at)
        writer.string("data", data)
        writer.number("epoch", epoch)
        writer.string("eventId", eventId)
        if let from { writer.string("from", from) }
        writer.string("meta", meta)
        writer.string("origin", origin)
        writer.number("schema", schema)
        if let source { writer.string("source", source) }
        writer.string("type", type)
        writer.number("version", version)
        return writer.finish()
    }

    /// Throws ``OddItem`` where an attribute is missing or of another type.
    public init(item: Item) throws {
        func text(_ name: String) throws -> String {
            guard let value = item[name]?.string else { throw OddItem(item: item, attribute: name) }
            return value
        }
        func number(_ name: String) throws -> Int {
            guard let value = item[name]?.int else { throw OddItem(item: item, attribute: name) }
            return value
        }
        self.init(
            aggregateId: try text("aggregateId"), version: try number("version"), eventId: try text("eventId"), type: try text("type"),
            schema: try number("schema"), data: try text("data"), meta: try text("meta"), at: try text("at"), epoch: try number("epoch"),
            origin: try text("origin"), from: item["from"]?.string, source: item["source"]?.string)
    }
}

/// An item of ours that lacks an attribute, or has one of another type.
public struct OddItem: StreamFault, Sendable, Hashable, Codable, CustomStringConvertible {
    public var key: String
    public var attribute: String

    init(item: Item, attribute: String) {
        let id = item["aggregateId"]?.string ?? item["shard"]?.string ?? item["stack"]?.string ?? "?"
        let range = item["version"]?.number ?? item["item"]?.string ?? "?"
        key = "\(id)@\(range)"
        self.attribute = attribute
    }

    /// Of an event, where it has one.
    var version: Int? { EventPosition(key)?.version }

    public var description: String {
        "item \(key) has no usable attribute '\(attribute)': something else than Immutable Stack wrote it. Mend or remove the item, then run the same command again."
    }
}
