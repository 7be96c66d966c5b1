import AWS
import EventSourcing
import EventStore
import StackDescription

/// Takes a rebuild through its phases (``ReadModelState/Phase``). Each can be done again.
struct RebuildRun: Sendable {
    let cloud: Cloud
    let view: StackView
    let record: ReleaseRecord
    let model: ReadModel
    let function: String
    let mode: RebuildCommand.Mode
    let lock: StackLock
    let sink: ProgressSink
    let confirm: @Sendable (RebuildCommand.Intent) async throws -> Bool

    /// For this long after the swap the old table is kept up to date: a query that doesn't know yet reads it.
    private static let grace: Duration = Serving.lifetime + .seconds(2)

    private var names: ReleaseNames { record.names }

    func run(from found: ReadModelState) async throws -> RebuildReport {
        var state = try await begun(found)
        var comparison: ParityReport.ReadModel?
        var outcome: RebuildReport.Outcome = mode == .abandon ? .abandoned : mode == .compare ? .compared : .swapped
        // Its table serves already: all that is left is to remove the old one.
        if let rebuild = state.rebuild, rebuild.other < state.serving { outcome = .swapped }
        while let rebuild = state.rebuild {
            switch rebuild.phase {
            case .creating:
                try await create(state)
                state.rebuild?.phase = .filling
            case .filling:
                let result = try await fill(state)
                comparison = result
                if mode == .swap, try await agreed(state, result) {
                    // What was compared was the table that goes.
                    if let candidate = view.candidate { try await view.store.forgetParity(of: candidate.release, fence: lock.fence) }
                    state.rebuild = .init(phase: .swapped, other: state.serving)
                    state.serving = rebuild.other
                    sink(.step("swap", why: "queries read the new table from now on; both are kept up to date until every one does"))
                } else {
                    if mode == .swap { outcome = .abandoned }
                    state.rebuild?.phase = .removing
                }
            case .swapped:
                try await cloud.dynamo.clock.sleep(Self.grace)
                // What a projector that stood still for long brought into the old table alone.
                try await filling(state.servingGeneration).run()
                sink(.done("\(names.table(state.servingGeneration)) serves"))
                state.rebuild?.phase = .removing
            case .removing:
                try await remove(Generation(model.name, rebuild.other))
                state.rebuild = nil
            }
            state = try await advanced(state)
        }
        return RebuildReport(
            stack: record.stack, release: record.release, readModel: model.name, table: names.table(state.servingGeneration),
            outcome: outcome, comparison: comparison)
    }

    private func advanced(_ state: ReadModelState) async throws -> ReadModelState {
        try await state.advanced(cloud.dynamo, names, fence: lock.fence)
    }

    /// The rebuild to go on with, or a new one, on record.
    private func begun(_ found: ReadModelState) async throws -> ReadModelState {
        var state = found
        if let rebuild = state.rebuild {
            sink(.note("going on with the rebuild of \(model.name), which is \(rebuild.phase.rawValue)"))
            let isSwapped = rebuild.other < state.serving
            if mode == .abandon {
                if isSwapped { throw NothingToAbandon(readModel: model.name, isSwapped: true) }
                state.rebuild?.phase = .removing
                return try await advanced(state)
            }
            if isSwapped || rebuild.phase != .removing { return state }
            // It was given up: what is left of it goes first.
            try await remove(Generation(model.name, rebuild.other))
            state.rebuild = nil
            state = try await advanced(state)
        }
        if mode == .abandon { throw NothingToAbandon(readModel: model.name, isSwapped: false) }
        state.last += 1
        state.rebuild = .init(phase: .creating, other: state.last)
        return try await advanced(state)
    }

    private func create(_ state: ReadModelState) async throws {
        guard let generation = state.otherGeneration else { return }
        sink(
            .step(
                "rebuild \(model.name) of \(record.release)", why: "a second table is filled from the store; the first one goes on serving")
        )
        // Asked before anything is made: a projector that can't do it says so.
        do {
            try await FunctionCall(cloud: cloud).hint(StreamConsumer(projector: function, of: generation, only: true), [])
        } catch let error as NoGenerations {
            var given = state
            given.rebuild = nil
            _ = try await advanced(given)
            throw error
        }
        try await Provisioner(cloud: cloud, sink: { _ in }).create([Blueprint(record).table(of: model, generation)])
    }

    private func filling(_ generation: Generation) -> GenerationFill {
        GenerationFill(
            cloud: cloud, record: record, consumer: StreamConsumer(projector: function, of: generation, only: true), sink: sink)
    }

    /// Fills the new generation, and compares it with the one that serves.
    private func fill(_ state: ReadModelState) async throws -> ParityReport.ReadModel {
        guard let generation = state.otherGeneration else { throw NothingToAbandon(readModel: model.name, isSwapped: false) }
        sink(
            .step(
                "fill \(names.table(generation))", why: "whole streams, as the store has them; what is committed meanwhile goes into both"))
        try await filling(generation).run()
        sink(.step("compare", why: "what was served is held against what the store makes, while both are written"))
        let served = StreamConsumer(projector: function, of: state.servingGeneration)
        let evidence = DocumentEvidence(cloud: cloud, projector: function)
        let (result, _) = try await DocumentWatch(
            comparison: ReadModelComparison(
                name: model.name, live: TableDocuments(dynamo: cloud.dynamo, table: names.table(state.servingGeneration)),
                candidate: TableDocuments(dynamo: cloud.dynamo, table: names.table(generation)), diff: DocumentDiff(), mapping: nil,
                sink: sink),
            settle: {
                try await filling(generation).run()
                _ = try await StreamAudit(cloud: cloud, names: names, consumers: [served]).hintLate()
            }, evidence: { try await evidence.gather($0) }
        ).run(events: 0)
        sink(.done("\(result.documents) documents, \(result.differing) differ"))
        return result
    }

    private func agreed(_ state: ReadModelState, _ comparison: ParityReport.ReadModel) async throws -> Bool {
        guard let generation = state.otherGeneration else { return false }
        let intent = RebuildCommand.Intent(
            stack: record.stack, release: record.release, readModel: model.name, from: names.table(state.servingGeneration),
            to: names.table(generation), comparison: comparison)
        guard try await confirm(intent) else { return false }
        // A person may have thought about it for long.
        try await filling(generation).run()
        return true
    }

    private func remove(_ generation: Generation) async throws {
        sink(.step("remove \(names.table(generation))", why: "no query reads it"))
        try await Provisioner(cloud: cloud, sink: { _ in }).delete([Blueprint(record).table(of: model, generation)])
        try await GenerationCursors(cloud: cloud, names: names).remove(generation)
    }
}

/// The cursors of one generation.
struct GenerationCursors: Sendable {
    let cloud: Cloud
    let names: ReleaseNames

    /// Reads the whole cursors table, a page at a time.
    func remove(_ generation: Generation) async throws {
        var request = DynamoDB.ScanRequest(
            table: names.cursors, attributes: ["consumer"], filter: "begins_with(#consumer, :prefix)",
            values: [":prefix": .s("\(CursorKey.projector(generation.name))/")])
        repeat {
            let page = try await cloud.dynamo.scan(request)
            try await cloud.dynamo.batchDelete(names.cursors, keys: page.items)
            request.startKey = page.lastKey
        } while request.startKey != nil
    }
}

extension ReleaseRecord {
    /// The tables that rebuilds made, and which the manifest therefore doesn't name.
    func rebuiltTables(in cloud: Cloud) async throws -> [any Resource] {
        guard try await cloud.dynamo.describeTable(names.cursors) != nil else { return [] }
        var tables: [any Resource] = []
        for model in manifest.readModels {
            let state = try await ReadModelState.read(cloud.dynamo, names, model.name)
            let generations = [state.servingGeneration] + [state.otherGeneration].compactMap { $0 }
            tables += generations.filter { $0.number > 0 }.map { Blueprint(self).table(of: model, $0) }
        }
        return tables
    }
}
