import EventStore

/// Brings both sides' projections up to date with what the tail carries, without looking at any other stream.
actor TailSettling {
    let view: StackView
    let live: ReleaseRecord
    let candidate: ReleaseRecord
    let readModels: Set<String>
    let journal: TouchedJournal
    /// Entries that are none of this comparison's business.
    let before: TouchedJournal.Keys
    /// Those that an earlier run brought in. Not joined with the others, which may be millions and would be copied for it.
    private var known = TouchedJournal.Keys()
    /// What couldn't be taken in, at any run, and what couldn't be replicated at the last one.
    private var untaken = StoppedStreams()
    private var waiting = StoppedStreams()
    var stopped: StoppedStreams {
        var all = untaken
        all.add(waiting)
        return all
    }

    init(
        view: StackView, live: ReleaseRecord, candidate: ReleaseRecord, readModels: Set<String>, journal: TouchedJournal,
        before: TouchedJournal.Keys
    ) {
        self.view = view
        self.live = live
        self.candidate = candidate
        self.readModels = readModels
        self.journal = journal
        self.before = before
    }

    struct Found: Sendable {
        /// Those that came since the last run.
        var entries: [TouchedJournal.Entry]
        var touched: TouchedDocuments.Found
        /// To ask the projections, once everything was replicated.
        var seconds: Double
    }

    /// When it returns, what was committed before the call is in the documents of both sides, but for the streams that are stopped.
    @discardableResult
    func run() async throws -> Found {
        waiting = try await Settling(view, live, candidate).replicate()
        let since = ContinuousClock.now
        let entries = try await journal.entries(besides: [before, known])
        var touched = try await TouchedDocuments(cloud: view.cloud, live: live, candidate: candidate).find(entries, in: readModels)
        untaken.add(touched.stopped)
        touched.stopped = stopped
        try known.formUnion(entries)
        return Found(entries: entries, touched: touched, seconds: (ContinuousClock.now - since) / .seconds(1))
    }
}

extension TailSettling.Found {
    /// The entries that a later look needn't come back to: of a document that kept changing the newest one is enough, at rest it tells.
    /// None where something differs, or couldn't tell of its documents.
    func settled(by recheck: Verifier.Recheck) -> [TouchedJournal.Entry] {
        guard touched.unknown == nil, recheck.readModels.allSatisfy({ $0.differing == 0 && $0.stopped == nil }) else { return [] }
        var undecided = Dictionary(recheck.readModels.map { ($0.name, Set($0.undecided)) }) { $0.union($1) }
        return entries.sorted { $0.order > $1.order }.filter { entry in
            var isNeeded = false
            for name in undecided.keys {
                let here = touched.documents(of: entry, in: name).intersection(undecided[name] ?? [])
                if !here.isEmpty { isNeeded = true }
                undecided[name]?.subtract(here)
            }
            return !isNeeded
        }
    }
}

extension Verifier.Recheck {
    /// Something that doesn't tell of its documents.
    mutating func stop(_ what: String, _ reason: String) { stop("\(what): \(reason)") }

    /// Likewise, in words of its own.
    mutating func stop(_ reason: String) {
        var model = ParityReport.ReadModel.inconclusive("(touched since)", reason)
        model.expectation = "not compared"
        readModels.append(model)
    }
}
