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

    /// A page that was written, and how many items it had.
    struct Page: Sendable {
        var checkpoint: ReplayCheckpoint
        var items: Int
    }

    /// Goes on until the work is finished or `until` has passed. `page` does one page through the ledger that it gets, with at most so many items.
    func run(
        until: ContinuousClock.Instant, _ page: (ReplayCheckpoint, Ledger, _ limit: Int?) async throws -> Page
    ) async throws -> ReplayStep {
        var checkpoint = try await log.load()
        let store = PacedStore(
            ledger.dynamo,
            flow: WriteFlow(writers: checkpoint.writers, unitsPerSecond: pace.unitsPerSecond, allowedAt: checkpoint.allowedAt),
            giveUp: pace.giveUp)
        let paced = Ledger(dynamo: store, names: ledger.names, shards: ledger.shards)
        let log = CheckpointLog(ledger: paced, table: log.table, key: log.key)
        var size = PageSize(
            items: checkpoint.pages == 0 ? PageSize.first : checkpoint.pageItems, unitsPerSecond: pace.unitsPerSecond)
        while !checkpoint.finished {
            try Task.checkCancellation()
            guard try await store.isAllowed(by: until) else { break }
            let start = store.clock.now()
            do {
                let done = try await page(checkpoint, paced, size.items)
                size.took(store.clock.now().timeIntervalSince(start), items: done.items)
                checkpoint = try await log.store(stamped(done.checkpoint, after: checkpoint, store, size), after: checkpoint)
            } catch let error as OutOfTime {
                guard size.gaveUp() else { throw TooSlow(after: checkpoint.resumeKey, reason: "\(error)") }
                checkpoint = try await self.log.store(stamped(checkpoint, after: checkpoint, store, size), after: checkpoint)
                break
            }
            if ContinuousClock.now >= until { break }
        }
        return ReplayStep(
            checkpoint: checkpoint, effort: store.effort, writers: store.flow.writers, mostWriters: store.flow.mostWriters)
    }

    private func stamped(
        _ next: ReplayCheckpoint, after previous: ReplayCheckpoint, _ store: PacedStore, _ size: PageSize
    ) -> ReplayCheckpoint {
        var next = next
        next.pages = previous.pages + 1
        next.writers = store.flow.writers
        // The checkpoint itself is a write.
        next.allowedAt = store.allowedAt(after: 1)
        next.pageItems = size.items
        return next
    }
}

/// A page of one item that can't be written in the time of a worker.
public struct TooSlow: Error, Sendable, CustomStringConvertible {
    var after: Item?
    var reason: String

    public var description: String {
        let place = after?["aggregateId"]?.string.map { "after stream '\($0)'" } ?? "at the first stream"
        return
            "the replay can't go on \(place): a single stream takes longer to write than a function may run. Raise --max-write-units or the functions' timeout, or wait until the table has scaled up; then run the same command again, it goes on from here."
    }
}
