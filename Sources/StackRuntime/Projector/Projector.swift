import AWS
import EventSourcing
import EventStore
import Synchronization

/// Brings the documents of one read model up to date with some streams: documents and cursors change together, or not at all.
package struct Projector: Sendable {
    let projection: AnyProjection
    let readModel: String
    let dynamo: any ItemStore
    let names: ReleaseNames
    let reader: StreamReader
    private let known = Known()

    package init(projection: AnyProjection, readModel: String, dynamo: any ItemStore, names: ReleaseNames, reader: StreamReader) {
        self.projection = projection
        self.readModel = readModel
        self.dynamo = dynamo
        self.names = names
        self.reader = reader
    }

    /// The generations that were kept up to date when this projector looked last: mostly they still are.
    private final class Known: Sendable {
        let generations = Mutex<[Generation]?>(nil)
    }

    /// Applies every event of the streams that was not applied yet, in each generation that is kept up to date. Returns the streams that have an
    /// event which can't be applied in the serving generation, with the reason.
    ///
    /// Which generations these are is read *after* the work: a generation that came meanwhile gets the streams too, so that whoever scans the store
    /// after it came, and this, leave out nothing between them.
    ///
    package func project(_ hints: Hints) async throws -> [String: any StreamFault] {
        var faults: [Generation: [String: any StreamFault]] = [:]
        var wanted = known.generations.withLock { $0 } ?? [Generation(readModel, 0)]
        var isCurrent = false
        while true {
            for generation in wanted where faults[generation] == nil {
                do {
                    faults[generation] = try await project(hints, in: generation)
                } catch let error as AWSError where error.isNotFound && (!isCurrent || generation != wanted.first) {
                    // Its table is gone: a rebuild has ended.
                    faults[generation] = [:]
                }
            }
            let state = try await ReadModelState.read(dynamo, names, readModel)
            let maintained = state.maintained
            known.generations.withLock { $0 = maintained }
            if maintained.allSatisfy({ faults[$0] != nil }) { return faults[state.servingGeneration] ?? [:] }
            (wanted, isCurrent) = (maintained, true)
        }
    }

    /// The same in one generation.
    package func project(_ hints: Hints, in generation: Generation) async throws -> [String: any StreamFault] {
        try await GenerationProjector(
            projection: projection, table: names.table(generation), cursors: names.cursors, consumer: CursorKey.projector(generation.name),
            dynamo: dynamo, reader: reader, hints: hints
        ).project()
    }
}
