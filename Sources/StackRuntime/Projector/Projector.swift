import AWS
import EventSourcing
import EventStore

/// Brings the documents of one read model up to date with some streams: documents and cursors change together, or not at all.
package struct Projector: Sendable {
    let projection: AnyProjection
    let readModel: String
    let dynamo: any ItemStore
    let names: ReleaseNames
    let reader: StreamReader

    package init(projection: AnyProjection, readModel: String, dynamo: any ItemStore, names: ReleaseNames, reader: StreamReader) {
        self.projection = projection
        self.readModel = readModel
        self.dynamo = dynamo
        self.names = names
        self.reader = reader
    }

    /// Streams that share a transaction: documents that many streams touch are then written once for all of them.
    private static let streamsPerTransaction = 40
    private static let eventsPerPage = 200

    private func cursorKey(_ aggregateId: String) -> Item { ["consumer": .s(CursorKey.projector(readModel, aggregateId))] }

    /// Applies every event of the streams that was not applied yet. Returns the streams that have an event which can't be, with the reason.
    package func project(_ hinted: [String]) async throws -> [String: any StreamFault] {
        let streams = Set(hinted).sorted()
        let chunks = stride(from: 0, to: streams.count, by: Self.streamsPerTransaction).map {
            Array(streams[$0..<min($0 + Self.streamsPerTransaction, streams.count)])
        }
        return try await withThrowingTaskGroup(of: [String: any StreamFault].self) { group in
            for chunk in chunks { group.addTask { try await projectTogether(chunk, limit: Self.eventsPerPage) } }
            return try await group.reduce(into: [:]) { all, some in all.merge(some) { first, _ in first } }
        }
    }

    /// `limit`: how many events of a stream a transaction may take.
    private func projectTogether(_ streams: [String], limit: Int) async throws -> [String: any StreamFault] {
        var open = streams
        var faults: [String: any StreamFault] = [:]
        var attempt = 0
        while !open.isEmpty {
            try Task.checkCancellation()
            let pending = try await load(open, limit: limit)
            if pending.isEmpty { break }
            var draft = ProjectionDraft(projection: projection, choosingFrom: pending)
            let items = try await dynamo.batchGet(names.readModel(readModel), keys: draft.documentIDs.sorted().map { ["id": .s($0)] })
            draft.apply(to: items)
            // Documents that another instance wrote after the cursor was read look like a fault: they count only under an unmoved cursor.
            try await draft.dropFaults(unless: cursors(draft.faults.keys.sorted()))
            faults.merge(draft.faults) { _, new in new }
            open = pending.map(\.aggregateId).filter { draft.faults[$0] == nil }
            let isDone: Bool
            do {
                isDone = try await commit(draft)
            } catch {
                guard let reason = RefusedContent.reason(of: error) else { throw error }
                if open.count == 1, limit == 1 {
                    let event = pending.first { $0.aggregateId == open[0] }?.events.first
                    faults[open[0]] = RefusedContent(stream: open[0], reason: reason, event: event.map(EventReference.init))
                    break
                }
                // One of them is the culprit: alone, each stream shows, then each event.
                let narrower = open.count == 1 ? 1 : limit
                for stream in open { faults.merge(try await projectTogether([stream], limit: narrower)) { _, new in new } }
                break
            }
            if isDone {
                attempt = 0
            } else {
                attempt += 1
                try await dynamo.clock.pause(milliseconds: 2...(10 << min(attempt, 5)))
            }
        }
        return faults
    }

    /// What is new in one stream.
    struct Pending: Sendable {
        var aggregateId: String
        /// The cursor as it was read; 0 where there is none.
        var version: Int
        var events: [StoredEvent]
    }

    /// The version of each stream's cursor; none where there is no cursor.
    private func cursors(_ streams: [String]) async throws -> [String: Int] {
        let items = try await dynamo.batchGet(names.cursors, keys: streams.map(cursorKey))
        let prefix = CursorKey.projector(readModel, "")
        return Dictionary(
            items.compactMap { item in
                item["consumer"]?.string.flatMap { key in item["version"]?.int.map { (String(key.dropFirst(prefix.count)), $0) } }
            }, uniquingKeysWith: { first, _ in first })
    }

    private func load(_ streams: [String], limit: Int) async throws -> [Pending] {
        let versions = try await cursors(streams)
        let reader = reader
        let pending = try await withThrowingTaskGroup(of: Pending.self) { group in
            for stream in streams {
                let version = versions[stream] ?? 0
                group.addTask {
                    Pending(
                        aggregateId: stream, version: version,
                        events: try await reader.page(stream, after: version, limit: limit))
                }
            }
            return try await group.reduce(into: [Pending]()) { if !$1.events.isEmpty { $0.append($1) } }
        }
        return pending.sorted { $0.aggregateId < $1.aggregateId }
    }

    /// One transaction; `false` where another projector changed a document or a cursor meanwhile.
    private func commit(_ draft: ProjectionDraft) async throws -> Bool {
        let cursors = draft.positions.sorted { $0.key < $1.key }.map { stream, position in
            Write.update(
                names.cursors, cursorKey(stream), "SET #version = :new",
                if: position.from == 0 ? "attribute_not_exists(#version)" : "#version = :old",
                values: position.from == 0
                    ? [":new": .int(position.to)] : [":new": .int(position.to), ":old": .int(position.from)])
        }
        if cursors.isEmpty { return true }
        do {
            try await dynamo.transact(draft.writes(to: names.readModel(readModel)) + cursors)
            return true
        } catch DynamoDBError.transactionCancelled(let reasons) {
            let passes = reasons.contains { $0.code == "ConditionalCheckFailed" || $0.code == "TransactionConflict" }
            guard passes else { throw DynamoDBError.transactionCancelled(reasons) }
            return false
        }
    }
}
