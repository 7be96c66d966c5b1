import AWS
import Synchronization
#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The store as a replay's worker sees it: as many batch writes side by side as the table takes, no more write units a second than allowed, and
/// patience with a table that refuses. Decided by ``WriteFlow``; this waits, sends and takes note.
final class PacedStore: ItemStore {
    private struct State {
        var flow: WriteFlow
        var effort = ReplayEffort()
    }

    private let base: any ItemStore
    private let giveUp: ContinuousClock.Instant?
    private let state: Mutex<State>
    private let started = ContinuousClock.now

    /// - Parameter giveUp: nothing waits beyond this: ``OutOfTime`` is thrown.
    init(_ base: any ItemStore, flow: WriteFlow, giveUp: ContinuousClock.Instant?) {
        self.base = base
        self.giveUp = giveUp
        state = Mutex(State(flow: flow))
    }

    var clock: ClientClock { base.clock }
    var flow: WriteFlow { state.withLock(\.flow) }

    /// Up to now. What wasn't spent with the store was spent on the events.
    var effort: ReplayEffort {
        var effort = state.withLock(\.effort)
        effort.refusals = flow.refusals
        let waited = effort.reading + effort.writing + effort.held + effort.projecting
        effort.transforming = max(0, (ContinuousClock.now - started) / .seconds(1) - waited)
        return effort
    }

    func batchPut(_ table: String, _ items: [Item]) async throws { try await batchPut(table, encoded: items.map(EncodedItem.init)) }

    func batchPut(_ table: String, encoded items: [EncodedItem]) async throws {
        guard !items.isEmpty else { return }
        var batches = WriteBatches(items, countsUnits: flow.unitsPerSecond != nil)
        let start = ContinuousClock.now
        let heldBefore = state.withLock(\.effort.held)
        defer {
            state.withLock { $0.effort.writing += (ContinuousClock.now - start) / .seconds(1) - ($0.effort.held - heldBefore) }
        }
        try await withThrowingTaskGroup(of: Sent.self) { group in
            var underWay = 0
            while true {
                while underWay < flow.writers, let batch = try batches.next() {
                    let ticket = try await admit(units: batch.units)
                    underWay += 1
                    group.addTask { [self] in try await send(table, batch.items, ticket) }
                }
                guard let sent = try await group.next() else { return }
                underWay -= 1
                if sent.left.isEmpty {
                    state.withLock { $0.flow.taken(sent.ticket) }
                } else {
                    let (now, random) = (now, clock.random())
                    state.withLock { $0.flow.refused(sent.ticket, at: now, random: random, isFruitful: sent.isFruitful) }
                    batches.add(sent.left)
                }
            }
        }
    }

    private struct Sent: Sendable {
        var ticket: WriteFlow.Ticket
        /// What the table didn't take.
        var left: [EncodedItem]
        /// It took some.
        var isFruitful: Bool
    }

    private func send(_ table: String, _ items: [EncodedItem], _ ticket: WriteFlow.Ticket) async throws -> Sent {
        do {
            let left = try await base.putBatch(table, encoded: items)
            return Sent(ticket: ticket, left: left, isFruitful: left.count < items.count)
        } catch let error as AWSError where error.isThrottling {
            return Sent(ticket: ticket, left: items, isFruitful: false)
        }
    }

    private var now: Double { clock.now().timeIntervalSince1970 }

    /// Returns when a write of `units` may start.
    private func admit(units: Int) async throws -> WriteFlow.Ticket {
        let now = now
        let ticket = state.withLock {
            if $0.flow.unitsPerSecond != nil { $0.effort.units += units }
            return $0.flow.send(units: units, at: now)
        }
        let pause = ticket.startsAt - now
        if pause > 0 {
            if ticket.cause == .allowance { state.withLock { $0.effort.held += pause } }
            try await wait(pause)
        } else {
            try checkTime()
        }
        return ticket
    }

    private func wait(_ seconds: Double) async throws {
        let pause = Duration.milliseconds(Int((seconds * 1_000).rounded(.up)))
        if let giveUp, ContinuousClock.now + pause > giveUp { throw OutOfTime() }
        try await clock.sleep(pause)
    }

    private func checkTime() throws {
        try Task.checkCancellation()
        if let giveUp, ContinuousClock.now > giveUp { throw OutOfTime() }
    }

    /// Sends again, ever more slowly, what is refused as too much.
    private func patiently<Answer>(
        _ share: WritableKeyPath<ReplayEffort, Double>?, _ request: () async throws -> Answer
    ) async throws -> Answer {
        var refusals = 0
        while true {
            let start = ContinuousClock.now
            do {
                let answer = try await request()
                count(since: start, as: share)
                return answer
            } catch let error as AWSError where error.isThrottling {
                refusals += 1
                let (random, inARow) = (clock.random(), refusals)
                let pause = state.withLock { $0.flow.refusedOther(random: random, inARow: inARow) }
                try await wait(pause)
                count(since: start, as: share)
            }
        }
    }

    private func count(since start: ContinuousClock.Instant, as share: WritableKeyPath<ReplayEffort, Double>?) {
        guard let share else { return }
        state.withLock { $0.effort[keyPath: share] += (ContinuousClock.now - start) / .seconds(1) }
    }

    func getItem(_ table: String, _ key: Item, consistent: Bool, attributes: [String]?) async throws -> Item? {
        try await patiently(\.reading) { try await base.getItem(table, key, consistent: consistent, attributes: attributes) }
    }

    func queryEncoded(_ request: DynamoDB.QueryRequest) async throws -> DynamoDB.EncodedPage {
        try await patiently(\.reading) { try await base.queryEncoded(request) }
    }

    /// Its time counts as reading only as far as somebody waits for it: ``hasRead(since:)``.
    func scanEncoded(_ request: DynamoDB.ScanRequest) async throws -> DynamoDB.EncodedPage {
        try await patiently(nil) { try await base.scanEncoded(request) }
    }

    func hasRead(since start: ContinuousClock.Instant) { count(since: start, as: \.reading) }

    func hasProjected(since start: ContinuousClock.Instant) { count(since: start, as: \.projecting) }

    func query(_ request: DynamoDB.QueryRequest) async throws -> DynamoDB.Page {
        try await patiently(\.reading) { try await base.query(request) }
    }

    func scan(_ request: DynamoDB.ScanRequest) async throws -> DynamoDB.Page {
        try await patiently(\.reading) { try await base.scan(request) }
    }

    func batchGet(_ table: String, keys: [Item], consistent: Bool) async throws -> [Item] {
        try await patiently(\.reading) { try await base.batchGet(table, keys: keys, consistent: consistent) }
    }

    func write(_ write: Write) async throws -> Item? {
        charge(units: write.units)
        return try await patiently(\.writing) { try await base.write(write) }
    }

    func transact(_ writes: [Write], token: String?) async throws {
        charge(units: writes.reduce(0) { $0 + 2 * $1.units })
        try await patiently(\.writing) { try await base.transact(writes, token: token) }
    }

    func batchDelete(_ table: String, keys: [Item]) async throws {
        charge(units: keys.count)
        try await patiently(\.writing) { try await base.batchDelete(table, keys: keys) }
    }

    /// Single writes are few, and a checkpoint must not wait for the allowance that its own page used up: later batches do.
    private func charge(units: Int) {
        let now = now
        state.withLock {
            guard $0.flow.unitsPerSecond != nil else { return }
            $0.effort.units += units
            _ = $0.flow.send(units: units, at: now)
        }
    }

    /// When the next write may start, once `units` more are written now; 0 without an allowance.
    func allowedAt(after units: Int) -> Double {
        var flow = flow
        guard flow.unitsPerSecond != nil else { return 0 }
        _ = flow.send(units: units, at: now)
        return flow.allowedAt
    }

    /// Waits for what earlier writes have used of the allowance; not beyond `until`, then it returns `false`.
    func isAllowed(by until: ContinuousClock.Instant) async throws -> Bool {
        let wait = flow.unitsPerSecond == nil ? 0 : flow.allowedAt - now
        guard wait > 0 else { return true }
        let left = (until - ContinuousClock.now) / .seconds(1)
        let pause = max(0, min(wait, left))
        state.withLock { $0.effort.held += pause }
        try await clock.sleep(.milliseconds(Int((pause * 1_000).rounded(.up))))
        return wait <= left
    }
}

/// What a worker was about to do doesn't fit into the time that it has.
struct OutOfTime: Error {}

extension Write {
    /// Of an update or a deletion the least that it can be: how large the item is isn't known.
    fileprivate var units: Int { if case .put(let item) = action { DynamoDB.writeUnits(of: item) } else { 1 } }
}

/// Items in the batches that one request takes.
private struct WriteBatches {
    struct Batch: Sendable {
        var items: [EncodedItem]
        /// 0 where nobody counts them.
        var units: Int
    }

    private var waiting: [EncodedItem]
    private let countsUnits: Bool

    init(_ items: [EncodedItem], countsUnits: Bool) {
        waiting = items.reversed()
        self.countsUnits = countsUnits
    }

    /// What wasn't taken goes to the end, in its order.
    mutating func add(_ items: [EncodedItem]) { waiting.insert(contentsOf: items.reversed(), at: 0) }

    mutating func next() throws -> Batch? {
        var batch = Batch(items: [], units: 0)
        var bytes = 0
        while let item = waiting.last, batch.items.count < DynamoDB.itemsPerBatch {
            if !batch.items.isEmpty, bytes + item.json.count > DynamoDB.largestBatch { break }
            bytes += item.json.count
            if countsUnits { batch.units += try DynamoDB.writeUnits(of: item) }
            batch.items.append(item)
            waiting.removeLast()
        }
        return batch.items.isEmpty ? nil : batch
    }
}
