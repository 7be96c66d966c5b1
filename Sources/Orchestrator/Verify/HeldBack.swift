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
        let spans = try await touched.heldSpans(of: stopped)
        let held = try await touched.find(sources: spans.sources, targets: spans.targets, in: [readModel])
            .heldBack(by: stopped, in: readModel)
        last = held
        return held
    }
}

extension TouchedDocuments {
    fileprivate struct Spans {
        var sources: [String: TouchedSpan] = [:]
        var targets: [String: TouchedSpan] = [:]
    }

    /// What stopped streams hold back, of the live release's streams and of the candidate's: their events after what was taken in, or replicated.
    /// What an earlier event touched has been brought to both sides.
    fileprivate func heldSpans(of stopped: StoppedStreams) async throws -> Spans {
        var consumers: [String: [StreamConsumer]] = [:]
        for record in [live, candidate] { consumers[record.release] = try await record.projectorConsumers(in: cloud) }
        // By table, then by the cursor's key.
        var cursors: [String: [String: (stream: String, isLive: Bool)]] = [:]
        for stop in stopped.reasons.keys {
            switch stop.place {
            case .replication:
                // The follower keeps it.
                cursors[candidate.names.cursors, default: [:]][CursorKey.replica(of: live.release, stop.aggregateId)] = (
                    stop.aggregateId, true
                )
            case .projector(let readModel, let release):
                guard let consumer = consumers[release]?.first(where: { $0.readModel == readModel }) else { continue }
                let isLive = release == live.release
                cursors[(isLive ? live : candidate).names.cursors, default: [:]][consumer.cursorKey(stop.aggregateId)] = (
                    stop.aggregateId, isLive
                )
            }
        }
        var spans = Spans()
        for (table, places) in cursors {
            let items = try await cloud.dynamo.batchGet(table, keys: places.keys.map { ["consumer": .s($0)] })
            let positions = Dictionary(
                items.compactMap { item in
                    item["consumer"]?.string.map { ($0, item["version"]?.int ?? item["sourceVersion"]?.int ?? 0) }
                }, uniquingKeysWith: min)
            for (key, place) in places {
                let side = place.isLive ? \Spans.sources : \Spans.targets
                let after = min(positions[key, default: 0], spans[keyPath: side][place.stream]?.after ?? .max)
                spans[keyPath: side][place.stream] = TouchedSpan(after: after, upTo: 0)
            }
        }
        return spans
    }
}
