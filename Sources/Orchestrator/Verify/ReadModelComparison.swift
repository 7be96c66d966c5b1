import AWS
import EventSourcing
import EventStore

/// Compares one read model of two releases, document by document.
///
/// Two tables are scanned in parallel, in segments of the same number, and joined segment by segment. Where one side is an index, both are read in
/// parts, and each page asks for the other side's documents of the same ids. Memory: some segments or pages of each side, and the ids of what differs.
struct ReadModelComparison: Sendable {
    typealias Fields = DocumentDiff.Fields
    /// What is expected of the candidate's documents, by id, given the live ones. Those that are left out are expected to be absent.
    typealias Mapping = @Sendable ([String: Fields]) async throws -> [String: Fields]

    let name: String
    let live: any DocumentSource
    let candidate: any DocumentSource
    let diff: DocumentDiff
    /// `nil`: the live documents themselves.
    let mapping: Mapping?
    /// The candidate's events: a copy tells which live event it was made from. `nil`: both sides count the same events.
    var candidateEvents: EventSources?
    let sink: ProgressSink

    struct FirstLook: Sendable {
        /// Documents that either side has.
        var total = 0
        var suspects: [String] = []
    }

    /// Segments that are read at a time.
    private static let width = 4
    /// What a segment should hold of a side, so that a pair of them fits into memory.
    private static let segmentBytes = 2_000_000
    /// Documents of which only what becomes of them is kept, read at a time: each may have 400 KB on either side (DynamoDB).
    private static let page = 250
    /// Until the last items of a transaction are visible too.
    private static let moment: Duration = .milliseconds(10)

    /// Reads both sides once. What differs is suspect only: live traffic makes differences that pass.
    func firstLook() async throws -> FirstLook {
        let looks = try await looks()
        let counter = Counter()
        return try await withThrowingTaskGroup(of: FirstLook.self) { group in
            var waiting = looks.makeIterator()
            func startNext() {
                guard let look = waiting.next() else { return }
                group.addTask { try await look { sink(.count("documents of \(name)", done: await counter.add($0), total: 0)) } }
            }
            for _ in 0..<Self.width { startNext() }
            var all = FirstLook()
            while let some = try await group.next() {
                all.total += some.total
                all.suspects += some.suspects
                startNext()
            }
            return all
        }
    }

    /// One part of the first look; it reports documents that it has read on the live side.
    private typealias Look = @Sendable (_ report: @Sendable (Int) async -> Void) async throws -> FirstLook

    private func looks() async throws -> [Look] {
        guard let ours = live as? TableDocuments, let others = candidate as? TableDocuments else {
            let both = (0..<live.segments).map { segment -> Look in { report in try await liveSide(segment, report) } }
            return both + (0..<candidate.segments).map { segment -> Look in { _ in try await candidateOnly(segment) } }
        }
        let segments = try await segments()
        return (0..<segments).map { segment -> Look in
            { report in
                var join = SegmentJoin(comparison: self, live: ours, candidate: others, segment: segment, of: segments)
                return try await join.run(report)
            }
        }
    }

    /// Of two tables.
    func segments() async throws -> Int {
        var bytes = 0
        for case let table as TableDocuments in [live, candidate] { bytes = max(bytes, try await table.size()) }
        return min(max(Self.width, bytes / Self.segmentBytes), 1_000)
    }

    private func liveSide(_ segment: Int, _ report: @Sendable (Int) async -> Void) async throws -> FirstLook {
        var found = FirstLook()
        try await live.read(segment: segment, idsOnly: false) { mine in
            async let others = candidate.documents(Array(mine.keys))
            let (expected, theirs) = (try await expected(mine.mapValues(\.fields)), try await others)
            for id in mine.keys where !diff.differences(id, live: expected[id], candidate: theirs[id]?.fields).isEmpty {
                found.suspects.append(id)
            }
            found.total += mine.count
            await report(mine.count)
        }
        return found
    }

    /// What only the candidate has.
    private func candidateOnly(_ segment: Int) async throws -> FirstLook {
        var found = FirstLook()
        try await candidate.read(segment: segment, idsOnly: true) { page in
            let known = try await live.documents(Array(page.keys))
            let alone = page.keys.filter { known[$0] == nil }
            found.total += alone.count
            found.suspects += alone
        }
        return found
    }

    /// One document on both sides, read at about the same time.
    struct Sighting: Sendable, Hashable {
        /// What is expected of the candidate's, given the live one; `nil`: no document.
        var expected: Fields?
        var candidate: Fields?
        var livePosition: ParityReport.Position?
        var candidatePosition: ParityReport.Position?
        /// The last event of the candidate's document, as the live release counts it; `nil` where that isn't known.
        var candidateSource: String?

        /// Without the documents themselves.
        var positions: Sighting {
            var positions = self
            (positions.expected, positions.candidate) = (nil, nil)
            return positions
        }
    }

    /// The documents among `ids` as they are now, absent ones included.
    func sight(_ ids: [String]) async throws -> [String: Sighting] {
        var found: [String: Sighting] = [:]
        for some in ids.chunks(of: 1_000) {
            async let left = live.documents(some)
            async let right = candidate.documents(some)
            let (a, b) = (try await left, try await right)
            let expected = try await expected(a.mapValues(\.fields))
            let sources = try await candidateEvents?.sources(
                of: Set(some.compactMap { id in b[id]?.position.event.flatMap { $0 == a[id]?.position.event ? nil : $0 } }))
            for id in some {
                let event = b[id]?.position.event
                found[id] = Sighting(
                    expected: expected[id], candidate: b[id]?.fields, livePosition: a[id]?.position, candidatePosition: b[id]?.position,
                    candidateSource: event.map { sources?[$0] ?? $0 })
            }
        }
        return found
    }

    /// Those among `ids` that aren't equal at one position now.
    func moving(_ ids: [String]) async throws -> [String] { try await weighed(ids).map(\.id) }

    struct Moving: Sendable {
        var id: String
        /// Of both sides' documents.
        var footprint: Int
    }

    /// As `moving`, with what each takes in memory.
    func weighed(_ ids: [String]) async throws -> [Moving] {
        var moving: [Moving] = []
        for some in ids.chunks(of: Self.page) {
            for (id, sighting) in try await sight(some).sorted(by: { $0.key < $1.key }) {
                var history = DocumentHistory()
                if history.matches(sighting, by: diff) { continue }
                moving.append(Moving(id: id, footprint: sighting.footprint))
            }
        }
        return moving
    }

    /// Those among `ids` that differ while nothing is committed, in order.
    ///
    /// The items of one transaction may become visible one after the other: what differs is read once more, a moment later.
    func differing(_ ids: [String], clock: ClientClock) async throws -> [(key: String, value: DocumentWatch.Suspect)] {
        let suspects = try await unequal(ids)
        guard !suspects.isEmpty else { return [] }
        try await clock.sleep(Self.moment)
        return try await unequal(suspects.map(\.key))
    }

    private func unequal(_ ids: [String]) async throws -> [(key: String, value: DocumentWatch.Suspect)] {
        var found: [(key: String, value: DocumentWatch.Suspect)] = []
        for some in ids.sorted().chunks(of: Self.page) {
            for (id, sighting) in try await sight(some).sorted(by: { $0.key < $1.key }) {
                let differences = diff.differences(id, live: sighting.expected, candidate: sighting.candidate)
                if !differences.isEmpty { found.append((key: id, value: .init(sighting: sighting.positions, differences: differences))) }
            }
        }
        return found
    }

    func expected(_ documents: [String: Fields]) async throws -> [String: Fields] {
        guard let mapping, !documents.isEmpty else { return documents }
        return try await mapping(documents)
    }
}
