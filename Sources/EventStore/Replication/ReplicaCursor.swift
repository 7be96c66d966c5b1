import AWS
import EventSourcing

/// How far one source stream is replicated into the target release.
struct ReplicaCursor: Sendable, Hashable {
    var copy: StreamCopy
    /// Whether the item exists; a cursor is seeded at first contact.
    var stored: Bool

    static func key(of source: String, _ aggregateId: String) -> Item {
        ["consumer": .s(CursorKey.replica(of: source, aggregateId))]
    }

    /// The write that moves the cursor from `self` to `next`.
    func advance(to next: StreamCopy, table: String, aggregateId: String) -> Write {
        let key = Self.key(of: copy.from, aggregateId)
        let values: Item = [":source": .int(next.sourceVersion), ":target": .int(next.targetVersion)]
        let set = "SET #sourceVersion = :source, #targetVersion = :target"
        guard stored else { return .update(table, key, set, if: "attribute_not_exists(#consumer)", values: values) }
        return .update(
            table, key, set, if: "#sourceVersion = :old", values: values.merging([":old": .int(copy.sourceVersion)]) { _, new in new })
    }
}
