import AWS
import EventSourcing

/// How far one source stream is replicated into the target release, and what the transform keeps of it.
struct ReplicaCursor: Sendable, Hashable {
    var copy: StreamCopy
    /// Whether the item exists; a cursor is seeded at first contact.
    var stored: Bool
    /// Whether a part of the stream was set aside by the replay.
    var isQuarantined = false

    init(copy: StreamCopy, stored: Bool) {
        self.copy = copy
        self.stored = stored
    }

    /// Throws ``OddItem`` where an attribute is missing or of another type.
    init(item: Item, from source: String) throws {
        if item["quarantined"]?.bool == true {
            let copy = StreamCopy(from: source, sourceVersion: item["sourceVersion"]?.int ?? 0)
            self.init(copy: copy, stored: true)
            isQuarantined = true
            return
        }
        guard let version = item["sourceVersion"]?.int, let last = item["targetVersion"]?.int else {
            throw OddItem(item: item, attribute: "sourceVersion, targetVersion")
        }
        let state = try item["state"]?.string.map(Value.parse)
        self.init(copy: StreamCopy(from: source, sourceVersion: version, targetVersion: last, state: state), stored: true)
    }

    static func key(of source: String, _ aggregateId: String) -> Item {
        ["consumer": .s(CursorKey.replica(of: source, aggregateId))]
    }

    /// The write that moves the cursor from `self` to `next`.
    func advance(to next: StreamCopy, table: String, aggregateId: String) throws -> Write {
        let key = Self.key(of: copy.from, aggregateId)
        var values: Item = [":source": .int(next.sourceVersion), ":target": .int(next.targetVersion)]
        var set = "SET #sourceVersion = :source, #targetVersion = :target"
        if let state = next.state {
            set += ", #state = :state"
            values[":state"] = .s(try StableJSON.encode(state))
        }
        guard stored else { return .update(table, key, set, if: "attribute_not_exists(#consumer)", values: values) }
        values[":old"] = .int(copy.sourceVersion)
        return .update(table, key, set, if: "#sourceVersion = :old", values: values)
    }
}
