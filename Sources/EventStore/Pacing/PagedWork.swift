import AWS
import EventSourcing
#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// How a worker of a replay goes about its work.
public struct ReplayPace: Sendable {
    /// The write units that it may use each second; `nil`: as many as the table takes.
    public var unitsPerSecond: Double?
    /// A page that isn't written by then is given up, and tried again with fewer items; `nil`: never.
    public var giveUp: ContinuousClock.Instant?

    public init(unitsPerSecond: Double? = nil, giveUp: ContinuousClock.Instant? = nil) {
        self.unitsPerSecond = unitsPerSecond
        self.giveUp = giveUp
    }
}

/// How far a worker came, and by what it was held up.
public struct ReplayStep: Sendable {
    public var checkpoint: ReplayCheckpoint
    public var effort = ReplayEffort()
    /// Batch writes that may be under way, of at most so many.
    public var writers = 0
    public var mostWriters = 0
}

/// A worker's loop: page by page from the last checkpoint, each page written before the checkpoint that covers it.
struct PagedWork: Sendable {
    let ledger: Ledger
    let log: CheckpointLog
    let pace: ReplayPace

    /// A page as it was read.
    private struct Source: Sendable {
        var request: DynamoDB.ScanRequest
        var page: DynamoDB.EncodedPage
    }

    /// A worker's turn at one page.
    struct Turn {
        /// What the page was read after, and what it is counted on top of.
        let checkpoint: ReplayCheckpoint
        /// Writes at the worker's pace.
        let ledger: Ledger
        /// At most so many events lie between two checkpoints of a page, and in one query of a stream.
        let events: Int
        /// Whatever isn't written by then is lost with the function.
        let giveUp: ContinuousClock.Instant?
        /// Notes that the time since then went by waiting for projectors.
        let hasProjected: (_ since: ContinuousClock.Instant) -> Void
        /// Stores a checkpoint within the page, and returns it: everything up to `resumeKey` is written, and of the stream that follows it as
        /// much as the checkpoint's `open` says.
        let save: (_ counted: ReplayCheckpoint, _ resumeKey: Item?) async throws -> ReplayCheckpoint
    }

    /// What a kill may cost of a segment.
    private static let eventsPerCheckpoint = 1_000

    /// Another worker on the segment is further.
    private struct Overtaken: Error {}

    /// A page took so long that the rest of it is left to the next worker.
    private struct Late: Error {}

    /// Goes on until the work is finished or `until` has passed. While a page is written the next one is read.
    ///
    /// A page that was begun is ended after `until`, up to half of what is left to `giveUp`: what is left of it has to be read again.
    /// - Parameters:
    ///   - scan: what is read, from its beginning.
    ///   - write: writes what comes of a page, and returns what was counted of it.
    func run(
        until: ContinuousClock.Instant, scan: DynamoDB.ScanRequest,
        write: (DynamoDB.EncodedPage, Turn) async throws -> ReplayCheckpoint
    ) async throws -> ReplayStep {
        let late = pace.giveUp.map { $0 > until ? until + ($0 - until) / 2 : until } ?? until
        var checkpoint = try await log.load()
        let before = checkpoint.effort
        let store = PacedStore(
            ledger.dynamo,
            flow: WriteFlow(writers: checkpoint.writers, unitsPerSecond: pace.unitsPerSecond, allowedAt: checkpoint.allowedAt),
            giveUp: pace.giveUp)
        let paced = Ledger(dynamo: store, names: ledger.names, shards: ledger.shards)
        let log = CheckpointLog(ledger: paced, table: log.table, key: log.key)
        var size = PageSize(
            items: checkpoint.pages == 0 ? PageSize.first : checkpoint.pageItems, unitsPerSecond: pace.unitsPerSecond)
        var ahead: Source?
        var pageTime = Duration.zero
        while !checkpoint.finished {
            try Task.checkCancellation()
            guard try await store.isAllowed(by: until) else { break }
            let begun = ContinuousClock.now
            let first = checkpoint.pages
            var since = (time: store.clock.now(), refusals: store.flow.refusals)
            var isMeasured = false
            // So many items were written since the last measure.
            func measure(items: Int) {
                let isHeldUp = store.flow.refusals > since.refusals || store.flow.unitsPerSecond != nil
                size.took(store.clock.now().timeIntervalSince(since.time), items: items, isHeldUp: isHeldUp)
                since = (store.clock.now(), store.flow.refusals)
                isMeasured = true
            }
            do {
                var request = scan
                (request.startKey, request.limit) = (checkpoint.resumeKey, size.items)
                let source: Source
                // Another worker may have gone further, and what was read ahead may be more than the next page's writes should be.
                if let ahead, ahead.request.startKey == request.startKey, ahead.page.items.count <= request.limit ?? .max {
                    source = ahead
                } else {
                    source = try await Self.read(request, store)
                    store.hasRead(since: begun)
                }
                request.startKey = source.page.lastKey
                // Not where the time is over before the next page's turn comes.
                let (following, goesOn) = (request, request.startKey != nil && begun + pageTime < until)
                async let next = goesOn ? Self.read(following, store) : nil
                let events = min(Self.eventsPerCheckpoint, size.items ?? .max)
                let turn = Turn(
                    checkpoint: checkpoint, ledger: paced, events: events, giveUp: pace.giveUp, hasProjected: store.hasProjected
                ) { part, key in
                    var part = part
                    part.resumeKey = key
                    // A long stream tells by its stretches: its page may not come to an end in one worker's time.
                    if part.open != nil { measure(items: events) }
                    let meant = stamped(part, after: checkpoint, store, size, before)
                    checkpoint = try await log.store(meant, after: checkpoint)
                    guard checkpoint == meant else { throw Overtaken() }
                    if ContinuousClock.now >= late { throw Late() }
                    return meant
                }
                var done = try await write(source.page, turn)
                done.resumeKey = source.page.lastKey
                done.finished = source.page.lastKey == nil
                if !isMeasured { measure(items: source.page.items.count) }
                checkpoint = try await log.store(stamped(done, after: checkpoint, store, size, before), after: checkpoint)
                let written = ContinuousClock.now
                do { ahead = try await next } catch is OutOfTime { ahead = nil }
                store.hasRead(since: written)
            } catch is Overtaken {
                ahead = nil
            } catch is Late {
                break
            } catch is OutOfTime where checkpoint.pages > first {
                break
            } catch is OutOfTime {
                guard size.gaveUp() else { throw TooSlow(at: checkpoint) }
                checkpoint = try await self.log.store(stamped(checkpoint, after: checkpoint, store, size, before), after: checkpoint)
                break
            }
            pageTime = ContinuousClock.now - begun
            if ContinuousClock.now >= until { break }
        }
        return ReplayStep(
            checkpoint: checkpoint, effort: store.effort, writers: store.flow.writers, mostWriters: WriteFlow.mostWriters)
    }

    private static func read(_ request: DynamoDB.ScanRequest, _ store: PacedStore) async throws -> Source {
        Source(request: request, page: try await store.scanEncoded(request))
    }

    private func stamped(
        _ next: ReplayCheckpoint, after previous: ReplayCheckpoint, _ store: PacedStore, _ size: PageSize, _ before: ReplayEffort
    ) -> ReplayCheckpoint {
        var next = next
        next.effort = (before + store.effort).rounded
        next.pages = previous.pages + 1
        next.writers = store.flow.writers
        next.pageItems = size.items
        // The checkpoint itself is a write.
        next.allowedAt = store.allowedAt(after: DynamoDB.writeUnits(of: next.item(key: log.keyItem)))
        return next
    }
}

/// What can't be done in parts can't be done in the time of a worker.
public struct TooSlow: Error, Sendable, CustomStringConvertible {
    var at: ReplayCheckpoint
    /// Whether it was to transform the earlier events of a stream once more; else to write what comes of one event.
    var wasGoingOn = false

    public var description: String {
        let place =
            at.open.map { "in stream '\($0.aggregateId)' after version \($0.version)" }
            ?? at.resumeKey?["aggregateId"]?.string.map { "after stream '\($0)'" } ?? "at the first stream"
        if wasGoingOn {
            return
                "the replay can't go on \(place): what becomes of an event depends on those before it, and to transform these once more takes longer than a function may run. Raise the functions' timeout (29 s at most) or their memory in Stack.swift, or divide the stream by a transform without state; then `immutable abort`, and deploy again."
        }
        return
            "the replay can't go on \(place): a single event takes longer to write than a function may run. Raise --max-write-units or the functions' timeout (29 s at most), or wait until the table has scaled up; then run the same command again, it goes on from here."
    }
}
