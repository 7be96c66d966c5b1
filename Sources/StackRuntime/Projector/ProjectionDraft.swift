import AWS
import EventSourcing
#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The documents that some streams' new events make, between their read and their write. Pure.
struct ProjectionDraft: Sendable {
    /// Where a stream's cursor goes from and to.
    struct Position: Sendable, Hashable {
        var from: Int
        var to: Int
    }

    /// A transaction holds at most 100 actions; documents and cursors share them.
    private static let actions = 95
    /// A transaction holds at most 4 MB. What a document grows by is not known before it is written, hence the room.
    private static let bytes = 2_500_000

    private let projection: AnyProjection
    private let pending: [GenerationProjector.Pending]
    private var chosen: [GenerationProjector.Pending] = []
    private var documents: [String: Draft] = [:]
    /// The fields of those that changed.
    private var written: [String: [String: Value]?] = [:]
    /// The documents that the chosen events touch.
    private(set) var documentIDs = Set<String>()
    /// Streams that stop at an event, with the reason. What came before it in the stream is in the draft.
    private(set) var faults: [String: any StreamFault] = [:]
    private(set) var positions: [String: Position] = [:]

    private struct Draft: Sendable {
        /// JSON; `nil` where there is no document.
        var content: Data?
        /// What was read; `nil` where there was no document.
        var found: Found?
        /// The last event that changed it; `nil` where none of the chosen ones did.
        var event: String?
    }

    /// Which content a document had when it was read. A document that was deleted and made again counts its revisions from 1 again: the event that
    /// changed it last tells the two apart.
    private struct Found: Sendable {
        var revision: Int
        /// Absent on what an older version wrote.
        var event: String?

        init(_ item: Item) {
            revision = item["_revision"]?.int ?? 0
            event = item["_event"]?.string
        }

        var condition: String { "#_revision = :old AND \(event == nil ? "attribute_not_exists(#_event)" : "#_event = :event")" }
        var values: Item { [":old": .int(revision)].merging(event.map { [":event": .s($0)] } ?? [:]) { $1 } }
    }

    /// Takes as much of each stream as fits into one transaction: the longest run of its events, in order.
    init(projection: AnyProjection, choosingFrom pending: [GenerationProjector.Pending]) {
        self.projection = projection
        self.pending = pending
        for stream in pending {
            var taken = stream
            taken.events = []
            for event in stream.events {
                let more: Set<String>
                do {
                    more = documentIDs.union(try projection.documentIDs(event))
                } catch {
                    faults[stream.aggregateId] = fault(event, error)
                    break
                }
                if more.count + chosen.count + 1 > Self.actions {
                    if chosen.isEmpty, taken.events.isEmpty {
                        faults[stream.aggregateId] = TooManyDocuments(at: EventReference(event), count: more.count)
                    }
                    break
                }
                documentIDs = more
                taken.events.append(event)
            }
            if !taken.events.isEmpty { chosen.append(taken) }
        }
    }

    /// Applies the chosen events to the documents as they were read, stream by stream, as long as they fit.
    mutating func apply(to items: [Item]) throws {
        var read: [String: Draft] = [:]
        for item in items {
            guard let id = item["id"]?.string else { continue }
            read[id] = Draft(content: try JSONEncoder().encode(Value.object(DocumentItem.visible(item))), found: Found(item))
        }
        let faults = faults
        do {
            apply(to: read, checksEach: false)
            written = try documents.filter { $0.value.event != nil }.mapValues { try Self.fields($0.content) }
        } catch {
            // One of the events made something that is no item: with a look at what each makes, its own stream stops there.
            self.faults = faults
            positions = [:]
            apply(to: read, checksEach: true)
            written = try documents.filter { $0.value.event != nil }.mapValues { try Self.fields($0.content) }
        }
    }

    private static func fields(_ content: Data?) throws -> [String: Value]? {
        try content.flatMap { try JSONDecoder().decode(Value.self, from: $0).object }
    }

    private mutating func apply(to read: [String: Draft], checksEach: Bool) {
        documents = read
        // Of the documents that the transaction writes, each as it is last.
        var sizes: [String: Int] = [:]
        var size = 0
        for stream in chosen {
            var position = Position(from: stream.version, to: stream.version)
            for event in stream.events {
                do {
                    let changed = try applied(event)
                    if checksEach { for draft in changed.values { _ = try Self.fields(draft.content) } }
                    var next = size
                    for (id, draft) in changed { next += (draft.content?.count ?? 0) - sizes[id, default: 0] }
                    if next > Self.bytes, !positions.isEmpty || position.to > position.from {
                        size = next
                        break
                    }
                    for (id, draft) in changed { sizes[id] = draft.content?.count ?? 0 }
                    size = next
                    documents.merge(changed) { _, new in new }
                    position.to = event.version
                } catch {
                    faults[stream.aggregateId] = fault(event, error)
                    break
                }
            }
            if position.to > position.from { positions[stream.aggregateId] = position }
            if size > Self.bytes { return }
        }
    }

    /// Keeps the faults of streams whose cursor is where it was read.
    mutating func dropFaults(unless versions: [String: Int]) {
        let read = Dictionary(pending.map { ($0.aggregateId, $0.version) }, uniquingKeysWith: { first, _ in first })
        faults = faults.filter { versions[$0.key, default: 0] == read[$0.key, default: 0] }
    }

    private func applied(_ event: StoredEvent) throws -> [String: Draft] {
        var changed: [String: Draft] = [:]
        for id in try projection.documentIDs(event) {
            let before = changed[id] ?? documents[id]
            let content = try projection.applyToJSON(event, before?.content, id)
            changed[id] = Draft(content: content, found: before?.found, event: event.position)
        }
        return changed
    }

    /// The changed documents, each conditional on what was read.
    func writes(to table: String) -> [Write] {
        documents.sorted { $0.key < $1.key }.compactMap { id, draft -> Write? in
            guard let event = draft.event else { return nil }
            return switch (written[id] ?? nil, draft.found) {
            case (let fields?, let found?):
                .put(
                    table, DocumentItem.item(fields, id: id, revision: found.revision + 1, event: event), if: found.condition,
                    values: found.values)
            case (let fields?, nil):
                .put(table, DocumentItem.item(fields, id: id, revision: 1, event: event), if: "attribute_not_exists(#id)")
            case (nil, let found?):
                .delete(table, ["id": .s(id)], if: found.condition, values: found.values)
            case (nil, nil):
                nil
            }
        }
    }

    private func fault(_ event: StoredEvent, _ error: any Error) -> ProjectionFailed {
        ProjectionFailed(projection: projection.name, at: EventReference(event), reason: "\(error)")
    }
}

/// An event that a projection can't apply.
struct ProjectionFailed: StreamFault, CustomStringConvertible {
    var projection: String
    var at: EventReference
    var reason: String

    var event: EventReference? { at }
    var description: String {
        "projection '\(projection)' can't apply event \(at.position) (id \(at.eventId), type '\(at.type)'): \(reason). Its stream stops here; mend the projection and deploy again."
    }
}

/// An event that touches more documents than one transaction holds.
struct TooManyDocuments: StreamFault, CustomStringConvertible {
    var at: EventReference
    var count: Int

    var event: EventReference? { at }
    var description: String {
        "event \(at.position) (id \(at.eventId)) touches \(count) documents; at most 94 fit into one transaction with the cursor."
    }
}
