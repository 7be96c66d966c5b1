import AWS
import EventSourcing
import EventStore

/// Applies the events of some streams to one table, with one set of cursors.
///
/// Calls for up to 40 streams, however many events they have new in one page each: one BatchGetItem of cursors, one of each 100 events that the bus told
/// of or one Query a stream whose events nobody told of, one BatchGetItem of documents, one TransactWriteItems.
struct GenerationProjector: Sendable {
    let projection: AnyProjection
    let table: String
    let cursors: String
    /// What the cursors' keys begin with: `projector/order-summary`.
    let consumer: String
    let dynamo: any ItemStore
    let reader: StreamReader
    let hints: Hints

    /// Streams that share a transaction: documents that many streams touch are then written once for all of them.
    private static let streamsPerTransaction = 40
    private static let eventsPerPage = 200

    private func cursorKey(_ aggregateId: String) -> Item { ["consumer": .s("\(consumer)/\(aggregateId)")] }

    /// Returns the streams that have an event which can't be applied, with the reason.
    func project() async throws -> [String: any StreamFault] {
        let chunks = Set(hints.streams).sorted().chunks(of: Self.streamsPerTransaction)
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
            let (pending, unreadable) = try await load(open, limit: limit)
            if pending.isEmpty {
                faults.merge(unreadable) { _, new in new }
                break
            }
            var draft = ProjectionDraft(projection: projection, choosingFrom: pending)
            let items = try await dynamo.batchGet(table, keys: draft.documentIDs.sorted().map { ["id": .s($0)] })
            try draft.apply(to: items)
            // Documents that another instance wrote after the cursor was read look like a fault: they count only under an unmoved cursor.
            try await draft.dropFaults(unless: versions(draft.faults.keys.sorted()))
            let isDone: Bool
            do {
                isDone = try await commit(draft)
            } catch {
                guard let reason = RefusedContent.reason(of: error) else { throw error }
                faults.merge(unreadable) { _, new in new }
                faults.merge(try await alone(pending, limit: limit, reason: reason)) { _, new in new }
                break
            }
            if isDone {
                attempt = 0
                faults.merge(draft.faults) { _, new in new }
                faults.merge(unreadable) { _, new in new }
                // What is committed after the page was read has a hint of its own.
                open = pending.filter { faults[$0.aggregateId] == nil && !$0.isFinished(by: draft) }.map(\.aggregateId)
            } else {
                // A stream that stops is taken again too: what came before its event was not written.
                attempt += 1
                try await dynamo.clock.pause(milliseconds: 2...(10 << min(attempt, 5)))
            }
        }
        return faults
    }

    /// The store takes the transaction of some streams never: one of them is the culprit. Alone, each stream shows, then each event.
    private func alone(_ pending: [Pending], limit: Int, reason: String) async throws -> [String: any StreamFault] {
        if let only = pending.first, pending.count == 1, limit == 1 {
            return [
                only.aggregateId: RefusedContent(
                    stream: only.aggregateId, reason: reason, event: only.events.first.map(EventReference.init))
            ]
        }
        var faults: [String: any StreamFault] = [:]
        let narrower = pending.count == 1 ? 1 : limit
        for stream in pending { faults.merge(try await projectTogether([stream.aggregateId], limit: narrower)) { _, new in new } }
        return faults
    }

    /// What is new in one stream.
    struct Pending: Sendable {
        var aggregateId: String
        /// The cursor as it was read; 0 where there is none.
        var version: Int
        var events: [StoredEvent]
        /// The version of the stream's last event; `nil` where there are more than these.
        var end: Int?

        func isFinished(by draft: ProjectionDraft) -> Bool { end.map { draft.positions[aggregateId]?.to == $0 } ?? false }
    }

    /// The version of each stream's cursor; none where there is no cursor.
    private func versions(_ streams: [String]) async throws -> [String: Int] {
        let items = try await dynamo.batchGet(cursors, keys: streams.map(cursorKey))
        let byKey = Dictionary(items.map { ($0["consumer"], $0["version"]?.int) }, uniquingKeysWith: { first, _ in first })
        return streams.reduce(into: [:]) { versions, stream in
            if let version = byKey[cursorKey(stream)["consumer"]] { versions[stream] = version }
        }
    }

    /// What is new in the streams; a stream that the store shows with a gap or an odd item stops alone.
    private func load(_ streams: [String], limit: Int) async throws -> ([Pending], [String: any StreamFault]) {
        let versions = try await versions(streams)
        let pages = try await reader.pages(streams.map { (stream: $0, after: versions[$0] ?? 0) }, hints, limit: limit)
        var (pending, faults) = ([Pending](), [String: any StreamFault]())
        for (stream, page) in pages.sorted(by: { $0.key < $1.key }) {
            if let fault = page.fault { faults[stream] = fault }
            if page.events.isEmpty { continue }
            let end = page.isLast ? page.events.last?.version : nil
            pending.append(Pending(aggregateId: stream, version: versions[stream] ?? 0, events: page.events, end: end))
        }
        return (pending, faults)
    }

    /// One transaction; `false` where another projector changed a document or a cursor meanwhile.
    private func commit(_ draft: ProjectionDraft) async throws -> Bool {
        let moves = draft.positions.sorted { $0.key < $1.key }.map { stream, position in
            Write.update(
                cursors, cursorKey(stream), "SET #version = :new",
                if: position.from == 0 ? "attribute_not_exists(#version)" : "#version = :old",
                values: position.from == 0
                    ? [":new": .int(position.to)] : [":new": .int(position.to), ":old": .int(position.from)])
        }
        if moves.isEmpty { return true }
        do {
            try await dynamo.transact(draft.writes(to: table) + moves)
            return true
        } catch DynamoDBError.transactionCancelled(let reasons) {
            let passes = reasons.contains { $0.code == "ConditionalCheckFailed" || $0.code == "TransactionConflict" }
            guard passes else { throw DynamoDBError.transactionCancelled(reasons) }
            return false
        }
    }
}
