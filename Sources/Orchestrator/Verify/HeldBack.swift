import EventSourcing
import EventStore

/// Which documents of a read model can't be brought to one position, because streams that touch them are stopped.
struct HeldBack: Sendable {
    /// The streams that concern the read model.
    let stopped: StoppedStreams
    /// What events of theirs touch.
    let documents: Set<String>
    /// Whether that is all: every stream is remembered, and every projection told.
    let isWhole: Bool
    private let streams: Set<String>

    init(by stopped: StoppedStreams = .init(), documents: Set<String> = [], isWhole: Bool = true) {
        self.stopped = stopped
        self.documents = documents
        self.isWhole = isWhole
        streams = stopped.streams
    }

    /// Whether nobody can tell of a document that stays different.
    func contains(_ document: String, _ sighting: ReadModelComparison.Sighting) -> Bool {
        if stopped.isEmpty { return false }
        if documents.contains(document) { return true }
        let events = [sighting.livePosition?.event, sighting.candidatePosition?.event, sighting.candidateSource].compactMap(\.self)
        if events.contains(where: { EventPosition($0).map { streams.contains($0.aggregateId) } ?? false }) { return true }
        // Any of the others may be on its way to it, unless both sides are where the same event brought them.
        return !isWhole && !sighting.isAtOnePosition
    }
}

extension ReadModelComparison.Sighting {
    /// Whether the same event was the last on both sides.
    var isAtOnePosition: Bool { livePosition?.event != nil && livePosition?.event == candidateSource }
}

/// Asks both releases' projections which documents the stopped streams touch; once for the same streams.
actor HeldBackSearch {
    private let touched: TouchedDocuments
    private let readModel: String
    private var last: HeldBack?

    init(_ touched: TouchedDocuments, readModel: String) {
        self.touched = touched
        self.readModel = readModel
    }

    func find(_ all: StoppedStreams) async throws -> HeldBack {
        let stopped = all.concerning(readModel)
        if stopped.isEmpty { return HeldBack() }
        if let last, last.stopped == stopped { return last }
        let spans = Dictionary(uniqueKeysWithValues: stopped.streams.map { ($0, TouchedSpan(after: 0, upTo: 0)) })
        let held = try await touched.find(sources: spans, targets: spans, in: [readModel]).heldBack(by: stopped, in: readModel)
        last = held
        return held
    }
}
