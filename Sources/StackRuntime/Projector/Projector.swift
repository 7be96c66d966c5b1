import AWS
import EventSourcing
import EventStore

/// Brings the documents of one read model up to date with one stream at a time: documents and cursor change together, or not at all.
struct Projector: Sendable {
    let projection: AnyProjection
    let readModel: String
    let dynamo: DynamoDB
    let names: ReleaseNames
    let reader: StreamReader

    /// A transaction holds at most 100 actions and 4 MB; this leaves room for documents near 80 KB each.
    private static let documentsPerTransaction = 40
    private static let eventsPerPage = 200

    private var table: String { names.readModel(readModel) }
    private func cursorKey(_ aggregateId: String) -> Item { ["consumer": .s(CursorKey.projector(readModel, aggregateId))] }

    /// Applies every event of the stream that was not applied yet. Throws a ``StreamFault`` for an event that can't be.
    func project(_ aggregateId: String) async throws {
        while true {
            try Task.checkCancellation()
            let version = try await dynamo.getItem(names.cursors, cursorKey(aggregateId))?["version"]?.int ?? 0
            let events = try await reader.page(aggregateId, after: version, limit: Self.eventsPerPage)
            if events.isEmpty { return }
            if try await !apply(events, to: aggregateId, after: version) {
                try await Task.sleep(for: .milliseconds(Int.random(in: 2...20)))
            }
        }
    }

    /// One transaction; `false` where another projector changed a document or the cursor meanwhile.
    private func apply(_ events: [StoredEvent], to aggregateId: String, after version: Int) async throws -> Bool {
        let batch = try batch(events)
        var documents = try await load(batch.ids)
        for event in batch.events {
            for id in try fault(event, { try projection.documentIDs(event) }) {
                let before = documents[id]
                let fields = try fault(event) { try projection.apply(event, before?.fields, id) }
                documents[id] = Draft(fields: fields, revision: before?.revision)
            }
        }
        var writes = documents.sorted { $0.key < $1.key }.compactMap { write($0.key, $0.value) }
        let last = batch.events.last?.version ?? version
        writes.append(
            .update(
                names.cursors, cursorKey(aggregateId), "SET #version = :new",
                if: version == 0 ? "attribute_not_exists(#version)" : "#version = :old",
                values: version == 0 ? [":new": .int(last)] : [":new": .int(last), ":old": .int(version)]))
        do {
            try await dynamo.transact(writes)
            return true
        } catch DynamoDBError.transactionCancelled(let reasons) {
            let settled = reasons.contains { $0.code == "ConditionalCheckFailed" || $0.code == "TransactionConflict" }
            guard settled else { throw DynamoDBError.transactionCancelled(reasons) }
            return false
        }
    }

    /// The longest run of events whose documents fit into one transaction.
    private func batch(_ events: [StoredEvent]) throws -> (events: [StoredEvent], ids: Set<String>) {
        var ids = Set<String>()
        var taken: [StoredEvent] = []
        for event in events {
            let more = ids.union(try fault(event) { try projection.documentIDs(event) })
            if more.count > Self.documentsPerTransaction {
                guard !taken.isEmpty else { throw TooManyDocuments(position: event.position, count: more.count) }
                break
            }
            ids = more
            taken.append(event)
        }
        return (taken, ids)
    }

    /// A document between its read and its write.
    private struct Draft {
        var fields: [String: Value]?
        /// The revision that was read; `nil` where there was no document.
        var revision: Int?
    }

    private func load(_ ids: Set<String>) async throws -> [String: Draft] {
        let items = try await dynamo.batchGet(table, keys: ids.sorted().map { ["id": .s($0)] })
        return items.reduce(into: [:]) { drafts, item in
            guard let id = item["id"]?.string else { return }
            drafts[id] = Draft(fields: DocumentItem.visible(item), revision: item["_revision"]?.int ?? 0)
        }
    }

    private func write(_ id: String, _ draft: Draft) -> Write? {
        let key: Item = ["id": .s(id)]
        switch (draft.fields, draft.revision) {
        case (let fields?, let revision?):
            return .put(
                table, DocumentItem.item(fields, id: id, revision: revision + 1), if: "#_revision = :old", values: [":old": .int(revision)])
        case (let fields?, nil):
            return .put(table, DocumentItem.item(fields, id: id, revision: 1), if: "attribute_not_exists(#id)")
        case (nil, let revision?):
            return .delete(table, key, if: "#_revision = :old", values: [":old": .int(revision)])
        case (nil, nil):
            return nil
        }
    }

    private func fault<T>(_ event: StoredEvent, _ body: () throws -> T) throws -> T {
        do {
            return try body()
        } catch {
            throw ProjectionFailed(projection: projection.name, position: event.position, reason: "\(error)")
        }
    }
}

/// An event that a projection can't apply.
struct ProjectionFailed: StreamFault, CustomStringConvertible {
    var projection: String
    var position: String
    var reason: String

    var description: String {
        "projection '\(projection)' can't apply event \(position): \(reason). Its stream stops here; mend the projection and deploy again."
    }
}

/// An event that touches more documents than one transaction holds.
struct TooManyDocuments: StreamFault, CustomStringConvertible {
    var position: String
    var count: Int

    var description: String { "event \(position) touches \(count) documents; at most 40 fit into one transaction with the cursor." }
}
