import AWS
import EventSourcing

/// An event of a source table as its bytes came: its attributes are located, and only what orders it is decoded.
struct WireEvent: Sendable {
    let aggregateId: String
    let version: Int
    let epoch: Int
    private let item: EncodedItem
    private let places: Places

    var key: Item { ["aggregateId": .s(aggregateId), "version": .int(version)] }

    /// Throws ``OddItem`` where an attribute is missing or of another type. `isStaged`: it has no version yet.
    init(_ item: EncodedItem, isStaged: Bool = false) throws {
        if let event = try WireEvent(plain: item) {
            self = event
        } else {
            // Either no event, which this says, or one whose JSON is unusual.
            let event = try StoredEvent(item: item.decoded())
            guard let rewritten = try WireEvent(plain: event.encoded) else { throw OddItem(item: event.item, attribute: "version") }
            self = rewritten
        }
        guard isStaged || version > 0 else { throw OddItem(item: try item.decoded(), attribute: "version") }
    }

    private init?(plain item: EncodedItem) throws {
        var found = Places.Draft()
        try item.forEachAttribute { found.take($0, $1) }
        guard let places = found.complete, let version = item.integer(of: places.version), let epoch = item.integer(of: places.epoch),
            item.integer(of: places.schema) != nil
        else { return nil }
        self.item = item
        self.places = places
        self.version = version
        self.epoch = epoch
        aggregateId = try item.text(of: places.aggregateId)
    }

    /// `aggregateId@version`.
    var position: String { "\(aggregateId)@\(version)" }

    func decoded() throws -> StoredEvent {
        StoredEvent(
            aggregateId: aggregateId, version: version, eventId: try item.text(of: places.eventId), type: try item.text(of: places.type),
            schema: item.integer(of: places.schema) ?? 1, data: try item.text(of: places.data), meta: try item.text(of: places.meta),
            at: try item.text(of: places.at), epoch: epoch, origin: try item.text(of: places.origin),
            from: try places.from.map { try item.text(of: $0) }, source: try places.source.map { try item.text(of: $0) })
    }

    /// The digest of the event's copy under this version. `scratch` is overwritten.
    func digest(version: Int, _ scratch: inout [UInt8]) throws -> UInt64 {
        scratch.removeAll(keepingCapacity: true)
        try item.appendText(of: places.aggregateId, to: &scratch)
        scratch.append(0)
        scratch.append(contentsOf: String(version).utf8)
        for place in [places.eventId, places.type, places.origin, places.data] {
            scratch.append(0)
            try item.appendText(of: place, to: &scratch)
        }
        return Totals.digest(ofFields: scratch)
    }

    /// The item of the event's copy from a release, unchanged but for its version: the bytes are carried over.
    func copy(version: Int, from release: String) -> EncodedItem {
        let json = item.json
        var writer = EncodedItemWriter(capacity: json.count + 160)
        writer.value("aggregateId", json[places.aggregateId.value])
        writer.value("at", json[places.at.value])
        writer.value("data", json[places.data.value])
        writer.number("epoch", 0)
        writer.value("eventId", json[places.eventId.value])
        writer.string("from", release)
        writer.value("meta", json[places.meta.value])
        writer.value("origin", json[places.origin.value])
        writer.value("schema", json[places.schema.value])
        writer.string("source", escaped: json[places.aggregateId.text], "@", self.version)
        writer.value("type", json[places.type.value])
        writer.number("version", version)
        return writer.finish()
    }
}

extension WireEvent {
    /// Where the attributes of an event stand.
    fileprivate struct Places: Sendable {
        var aggregateId, version, eventId, type, schema, data, meta, at, epoch, origin: EncodedItem.Attribute
        var from, source: EncodedItem.Attribute?
    }
}

extension WireEvent.Places {
    /// Those found so far.
    fileprivate struct Draft {
        private var aggregateId, version, eventId, type, schema, data, meta, at, epoch, origin, from, source: EncodedItem.Attribute?

        mutating func take(_ name: UnsafeBufferPointer<UInt8>, _ attribute: EncodedItem.Attribute) {
            func isNamed(_ wanted: StaticString) -> Bool {
                UnsafeBufferPointer(start: wanted.utf8Start, count: wanted.utf8CodeUnitCount).elementsEqual(name)
            }
            switch (attribute.type, name.count) {
            case ("S", 2) where isNamed("at"): at = attribute
            case ("S", 4) where isNamed("type"): type = attribute
            case ("S", 4) where isNamed("data"): data = attribute
            case ("S", 4) where isNamed("meta"): meta = attribute
            case ("S", 4) where isNamed("from"): from = attribute
            case ("N", 5) where isNamed("epoch"): epoch = attribute
            case ("N", 6) where isNamed("schema"): schema = attribute
            case ("S", 6) where isNamed("origin"): origin = attribute
            case ("S", 6) where isNamed("source"): source = attribute
            case ("S", 7) where isNamed("eventId"): eventId = attribute
            case ("N", 7) where isNamed("version"): version = attribute
            case ("S", 11) where isNamed("aggregateId"): aggregateId = attribute
            default: break
            }
        }

        /// `nil` where an attribute is missing that every event has.
        var complete: WireEvent.Places? {
            guard let aggregateId, let version, let eventId, let type, let schema, let data, let meta, let at, let epoch, let origin else {
                return nil
            }
            return WireEvent.Places(
                aggregateId: aggregateId, version: version, eventId: eventId, type: type, schema: schema, data: data, meta: meta, at: at,
                epoch: epoch, origin: origin, from: from, source: source)
        }
    }
}
