import EventSourcing
import EventStore
#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

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

    /// What an invocation may be, read once: a hint may have 2 MB of events with it.
    private struct Asked: Decodable {
        /// Of a verifier: ``DocumentEvents``.
        var touching: [DocumentEvents.Question]?
        /// Of a comparison: ``TouchedOrder``.
        var touched: [TouchedOrder.Stream]?
        /// Of a rebuild: ``GenerationOrder``.
        var generation: Int?
        var hints: Hints

        enum CodingKeys: CodingKey { case touching, touched, generation }

        init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: CodingKeys.self)
            touching = try values.decodeIfPresent([DocumentEvents.Question].self, forKey: .touching)
            touched = try values.decodeIfPresent([TouchedOrder.Stream].self, forKey: .touched)
            generation = try values.decodeIfPresent(Int.self, forKey: .generation)
            hints = try Hints(from: decoder)
        }
    }

    func handle(_ payload: [UInt8], _ invocation: Invocation) async throws -> [UInt8] {
        let asked = try JSONDecoder().decode(Asked.self, from: Data(payload))
        if let questions = asked.touching {
            return try await DocumentEvents(projection: projection, reader: reader).answer(questions)
        }
        if let streams = asked.touched {
            // First: it waits until all that is asked for can be read.
            let documents = try await DocumentEvents(projection: projection, reader: reader).documents(streams)
            let faults = try await projector.project(Hints(streams.map(\.stream), atHand: documents.events, toTheEnd: true))
            try await park(faults)
            return try TouchedOrder.Answer(documents: documents.ids, faults: HintAnswer(faults).faults).bytes()
        }
        let hints = asked.hints
        if let number = asked.generation {
            // A rebuild's: what stops it is told to it, and is none of the serving generation's business.
            guard let tables else { throw IndexHasNoGenerations(projection: projection.name) }
            let faults = try await tables.project(hints, in: Generation(tables.readModel, number))
            if let gap = Self.gap(in: faults) { throw gap }
            return try HintAnswer(faults, generation: number).bytes()
        }
        let faults = try await projector.project(hints)
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
struct IndexHasNoGenerations: Error, CustomStringConvertible {
    var projection: String

    var description: String { "projection '\(projection)' fills a search index, which has no generations. Deploy a new release instead" }
}
