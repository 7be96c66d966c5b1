import AWS
import EventStore

/// How far a search index has confirmed each stream. A cursor follows the index: what it says is there, at least.
struct IndexCursors: Sendable {
    let dynamo: any ItemStore
    let names: ReleaseNames
    let readModel: String

    struct Cursor: Sendable, Hashable {
        var version = 0
        /// No event up to here has made a document: that the index has none is right.
        var isBare = true
        /// Events that a person let the projector pass over.
        var skipped: Set<Int> = []
    }

    private var prefix: String { CursorKey.projector(readModel) + "/" }

    private func key(_ stream: String) -> Item { ["consumer": .s(prefix + stream)] }

    func read(_ streams: [String]) async throws -> [String: Cursor] {
        let items = try await dynamo.batchGet(names.cursors, keys: streams.map(key))
        let byKey = Dictionary(items.map { ($0["consumer"], $0) }, uniquingKeysWith: { first, _ in first })
        return streams.reduce(into: [:]) { cursors, stream in
            guard let item = byKey[key(stream)["consumer"]] else { return }
            let skipped = item["skipped"]?.list?.compactMap(\.int) ?? []
            cursors[stream] = Cursor(version: item["version"]?.int ?? 0, isBare: item["bare"] == .bool(true), skipped: Set(skipped))
        }
    }

    /// Moves cursors forward; one that is as far already stays.
    func advance(_ cursors: [String: Cursor]) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (stream, cursor) in cursors {
                group.addTask {
                    do {
                        try await dynamo.write(
                            .update(
                                names.cursors, key(stream), "SET #version = :version, #bare = :bare",
                                if: "attribute_not_exists(#version) OR #version < :version",
                                values: [":version": .int(cursor.version), ":bare": .bool(cursor.isBare)]))
                    } catch DynamoDBError.conditionFailed {}
                }
            }
            try await group.waitForAll()
        }
    }
}
