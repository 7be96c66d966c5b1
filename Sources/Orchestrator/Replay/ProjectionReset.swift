import AWS
import EventSourcing
import EventStore

/// Empties the read models of a candidate that nobody uses yet, with their projectors' cursors: they are made anew from its events.
struct ProjectionReset: Sendable {
    let view: StackView
    let candidate: ReleaseRecord
    /// A process that slept through its lease deletes nothing of a release that others have finished meanwhile.
    let lock: StackLock

    private var dynamo: DynamoDB { view.cloud.dynamo }
    private var mark: Item { ["consumer": .s(CursorKey.reset)] }

    /// Notes that the projections may have taken in what is wrong. ``finish()`` is due, by this process or a later one.
    func begin() async throws { try await dynamo.write(.put(candidate.names.cursors, mark)) }

    /// Does what was begun; nothing where nothing was.
    func finish() async throws {
        guard try await dynamo.getItem(candidate.names.cursors, mark) != nil else { return }
        for model in candidate.manifest.readModels {
            if model.isIndex {
                try await lock.check()
                try await SearchIndex(name: candidate.names.readModel(model.name), model: model, stack: candidate.manifest)
                    .empty(in: view.cloud)
                continue
            }
            try await empty(DynamoDB.ScanRequest(table: candidate.names.readModel(model.name), attributes: ["id"]))
        }
        try await empty(
            DynamoDB.ScanRequest(
                table: candidate.names.cursors, attributes: ["consumer"], filter: "begins_with(#consumer, :prefix)",
                values: [":prefix": .s(CursorKey.projector(""))]))
        try await Parking(dynamo: dynamo, stack: view.stack, release: candidate.release).clear()
        try await dynamo.write(.delete(candidate.names.cursors, mark))
    }

    private func empty(_ scan: DynamoDB.ScanRequest) async throws {
        var scan = scan
        repeat {
            let page = try await dynamo.scan(scan)
            try await dynamo.delete(page.items.map { Write.delete(scan.table, $0) }, fence: lock.fence)
            scan.startKey = page.lastKey
        } while scan.startKey != nil
    }
}
