import EventSourcing
import EventStore

/// The Lambda of one projection: takes hints from the bus, the replay's second pass or an audit, and projects their streams.
struct ProjectorFunction: InvocationHandler {
    private let projection: AnyProjection
    private let projector: any StreamProjector
    /// What a rebuild fills generations by; `nil` where the documents are in an index.
    private let tables: Projector?
    private let reader: StreamReader
    private let parking: Parking
    private let consumer: String

    init(projection: AnyProjection, context: ReleaseContext) throws {
        let readModel = try context.required("IMMUTABLE_READ_MODEL")
        self.projection = projection
        reader = context.reader
        if let index = try context.searchIndex() {
            guard projection.isOfStreams else {
                throw StartFailure(reason: "projection '\(projection.name)' fills a search index: it must be a StreamProjection")
            }
            tables = nil
            projector = IndexProjector(
                projection: projection, readModel: readModel, index: DomainIndex(openSearch: index.openSearch, name: index.name),
                dynamo: context.dynamo, names: context.releaseNames, reader: reader)
        } else {
            let tables = Projector(
                projection: projection, readModel: readModel, dynamo: context.dynamo, names: context.releaseNames, reader: reader)
            projector = tables
            self.tables = tables
        }
        parking = context.parking
        consumer = "projector/\(readModel)"
    }

    func handle(_ payload: [UInt8], _ invocation: Invocation) async throws -> [UInt8] {
        if let asked = try DocumentEvents.asked(payload) {
            return try await DocumentEvents(projection: projection, reader: reader).answer(asked)
        }
        if let asked = try TouchedOrder.asked(payload) {
            // First: it waits until all that is asked for can be read.
            let documents = try await DocumentEvents(projection: projection, reader: reader).documents(asked)
            let faults = try await projector.project(asked.map(\.stream), atHand: documents.events, toTheEnd: true)
            try await park(faults)
            return try TouchedOrder.Answer(documents: documents.ids, faults: HintAnswer(faults).faults).bytes()
        }
        if let order = try GenerationOrder.asked(payload) {
            // A rebuild's: what stops it is told to it, and is none of the serving generation's business.
            guard let tables else { throw NoGenerations(projection: projection.name) }
            let faults = try await tables.project(order.streams, in: Generation(tables.readModel, order.generation))
            if let gap = Self.gap(in: faults) { throw gap }
            return try HintAnswer(faults, generation: order.generation).bytes()
        }
        let hints = try Hints(payload)
        let faults = try await projector.project(hints.streams, atHand: hints.atHand, toTheEnd: false)
        try await park(faults, withGaps: hints.areFromBus)
        return try HintAnswer(faults).bytes()
    }

    /// Parks what can't be applied. A gap is no event's fault: whoever asks directly is told by an error, and knows what to make of it. The bus would
    /// come again with the same batch until its records expire, and hold up all streams behind it.
    private func park(_ faults: [String: any StreamFault], withGaps: Bool = false) async throws {
        for (stream, fault) in faults where withGaps || !(fault is StreamGap) { try await parking.park(consumer, stream, error: fault) }
        if !withGaps, let gap = Self.gap(in: faults) { throw gap }
    }

    private static func gap(in faults: [String: any StreamFault]) -> StreamGap? {
        faults.sorted { $0.key < $1.key }.lazy.compactMap { $0.value as? StreamGap }.first
    }
}

/// A rebuild's order to a projection that fills a search index.
struct NoGenerations: Error, CustomStringConvertible {
    var projection: String

    var description: String { "projection '\(projection)' fills a search index, which has no generations: only tables are rebuilt" }
}
