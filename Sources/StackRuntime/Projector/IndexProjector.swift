import AWS
import EventSourcing
import EventStore

/// Brings the documents of a search index up to date with some streams (docs/decisions/0021).
///
/// An index has no transaction that a cursor could be part of. A stream has one document there, whose version is that of the last event in it: so
/// the document itself says from where to go on, equal versions have equal content, and of two versions the index keeps the higher. Documents are
/// written first, then the cursors.
package struct IndexProjector: StreamProjector {
    let projection: AnyProjection
    let index: any DocumentIndex
    let cursors: IndexCursors
    let reader: StreamReader

    package init(
        projection: AnyProjection, readModel: String, index: any DocumentIndex, dynamo: any ItemStore, names: ReleaseNames,
        reader: StreamReader
    ) {
        self.projection = projection
        self.index = index
        cursors = IndexCursors(dynamo: dynamo, names: names, readModel: readModel)
        self.reader = reader
    }

    /// Streams that share the calls to the index.
    private static let streamsPerBulk = 40
    private static let eventsPerPage = 200
    /// About the bytes of a document's fields. It keeps the answers of which a comparison holds some in memory in bounds.
    private static let documentBytes = 400_000

    package func project(_ hints: Hints) async throws -> [String: any StreamFault] {
        try await withThrowingTaskGroup(of: [String: any StreamFault].self) { group in
            for chunk in Set(hints.streams).sorted().chunks(of: Self.streamsPerBulk) {
                group.addTask { try await projectTogether(chunk, hints, limit: Self.eventsPerPage) }
            }
            return try await group.reduce(into: [:]) { all, some in all.merge(some) { first, _ in first } }
        }
    }

    /// `limit`: how many events of a stream are folded in before its document is written.
    private func projectTogether(_ streams: [String], _ hints: Hints, limit: Int) async throws -> [String: any StreamFault] {
        var open = streams
        var faults: [String: any StreamFault] = [:]
        var rounds = 0
        while !open.isEmpty {
            try Task.checkCancellation()
            let read = try await cursors.read(open)
            let folds = try await fold(open, read, hints, limit: limit)
            let refused = try await keep(folds.compactMap(\.kept))
            var moves: [String: IndexCursors.Cursor] = [:]
            var next: [String] = []
            for fold in folds {
                if let reason = refused[fold.stream] {
                    // Which of its events is the culprit shows when each is written alone.
                    if limit == 1 {
                        faults[fold.stream] = RefusedContent(stream: fold.stream, reason: reason, event: fold.last)
                    } else {
                        faults.merge(try await projectTogether([fold.stream], hints, limit: 1)) { _, new in new }
                    }
                    continue
                }
                if fold.version > (read[fold.stream]?.version ?? 0) {
                    moves[fold.stream] = IndexCursors.Cursor(version: fold.version, isBare: fold.isBare)
                }
                if let fault = fold.fault { faults[fold.stream] = fault } else if !fold.isAtEnd { next.append(fold.stream) }
            }
            try await cursors.advance(moves)
            // A replica that shows less than was written before is asked again, and not at once.
            rounds = moves.isEmpty ? rounds + 1 : 0
            if rounds > 1 { try await index.clock.pause(milliseconds: 5...(10 << min(rounds, 6))) }
            open = next
        }
        return faults
    }

    /// The streams that have something to fold in or to confirm.
    private func fold(
        _ streams: [String], _ read: [String: IndexCursors.Cursor], _ hints: Hints, limit: Int
    ) async throws -> [StreamFold] {
        let events = try await reader.pages(streams.map { (stream: $0, after: read[$0]?.version ?? 0) }, hints, limit: limit)
        if events.isEmpty { return [] }
        let found = try await index.documents(events.keys.sorted())
        var folds = events.keys.sorted().map { StreamFold($0, found: found[$0], cursor: read[$0] ?? .init()) }
        // Where the index shows less than it has confirmed, the document says where to go on: a replica may lag, an index may have been restored.
        let behind = folds.filter { $0.version < (read[$0.stream]?.version ?? 0) }
        let earlier = try await reader.pages(behind.map { ($0.stream, after: $0.version) }, Hints(behind.map(\.stream)), limit: limit)
        let isBehind = Set(behind.map(\.stream))
        for place in folds.indices {
            let stream = folds[place].stream
            let page = isBehind.contains(stream) ? earlier[stream] : events[stream]
            let skipped = read[stream]?.skipped ?? []
            if let page { folds[place].apply(page, by: projection, skipping: skipped) }
            // Until there is a document to keep, or the cursor is passed: else the next round would begin where this one did.
            while folds[place].isBare, folds[place].fault == nil, folds[place].version < (read[stream]?.version ?? 0),
                let more = try await reader.pages([(stream, after: folds[place].version)], Hints([stream]), limit: limit)[stream]
            {
                folds[place].apply(more, by: projection, skipping: skipped)
            }
        }
        return folds
    }

    /// Returns why documents can't be kept, by id.
    private func keep(_ documents: [IndexedDocument]) async throws -> [String: String] {
        var refused: [String: String] = [:]
        var fitting: [IndexedDocument] = []
        for document in documents {
            let size = document.size
            if size > Self.documentBytes {
                refused[document.id] = "the document has about \(size) bytes, at most \(Self.documentBytes) are allowed"
            } else {
                fitting.append(document)
            }
        }
        if !fitting.isEmpty { refused.merge(try await index.keep(fitting)) { first, _ in first } }
        return refused
    }
}
