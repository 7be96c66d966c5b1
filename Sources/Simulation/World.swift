import AWS
import EventSourcing
import EventStore
import Orchestrator
import StackDescription
import StackRuntime

/// Two releases of a stack with their tables, functions and clients, and the persons who deploy, cut over and roll back.
final class World: @unchecked Sendable {  // Unchecked: one thread makes, runs and reads it; `Scheduler.enqueue` traps on any other.
    static let names = StackNames(stack: "s")
    static let releases = ["r1", "r2"]
    static let readModel = "summary"

    let schedule: Schedule
    let scheduler = Scheduler()
    let store: MemoryStore
    let shards: ShardMap
    let streams: [String]
    var oracle: Oracle
    var trace: ((String) -> Void)?
    /// Writes change what is counted here.
    private let states: StateSketch

    /// The release that the users' address leads to, and since when.
    private(set) var mapping: [(at: Int, release: String)] = [(0, "r1")]
    /// Consumers whose event source mapping is enabled.
    var enabled: Set<Consumer.Kind> = [.projector("r1"), .reactor("r1")]
    /// Releases whose resources are gone.
    private(set) var removed: Set<String> = []
    private var containers: [String: [Container]] = [:]
    private var processes = 0
    private var all: [Process] = []
    private var isDissolved = false
    private(set) var calls = 0
    private var records = 0
    private var controlWrites = 0
    private var faults: [Fault.Scope: [Int: Fault.Kind]] = [:]
    private(set) var faultsHappened = 0
    /// What a call changed, for a transaction that becomes visible bit by bit.
    private var changed: [MemoryStore.Change] = []
    private(set) var violation: Violation?
    /// Tasks that clients and persons wait for at the end.
    var unfinished = 0
    /// Whether what comes by the bus is still delivered late, twice or never.
    var isCalm = false
    lazy var person = process("bystander")

    init(_ schedule: Schedule, _ workshop: Workshop) {
        self.schedule = schedule
        store = MemoryStore(expressions: workshop.expressions)
        store.sabotage = workshop.sabotage
        states = workshop.states
        shards = ShardMap(count: schedule.traits.shards)
        streams = Array(Application.streams(on: shards).prefix(schedule.traits.history.count))
        oracle = Oracle(shards: shards, streams: streams)
        for fault in schedule.faults { faults[fault.scope, default: [:]][fault.call] = fault.kind }
        scheduler.place = { [unowned self] in place($0) }
        store.pageLimit = schedule.traits.pageLimit
        store.committed = { [unowned self] in committed($0) }
        createTables()
    }

    private func createTables() {
        store.createTable(StackNames.control, hashKey: "stack", rangeKey: "item")
        store.createTable(Self.names.ledger, hashKey: "shard", rangeKey: "item")
        store.createTable(Self.names.effects, hashKey: "reactor", rangeKey: "eventId")
        for release in Self.releases {
            let names = Self.names.release(release)
            store.createTable(names.events, hashKey: "aggregateId", rangeKey: "version")
            store.createTable(names.cursors, hashKey: "consumer")
            store.createTable(names.readModel(Self.readModel), hashKey: "id")
        }
    }

    func begin(_ beginning: Beginning) {
        store.load(beginning.tables)
        oracle = beginning.oracle
        states.begin(beginning.state)
        let traits = schedule.traits
        if !traits.projects { enabled.remove(.projector("r1")) }
        if !traits.reacts { enabled.remove(.reactor("r1")) }
        for (stream, count) in zip(streams, traits.history) {
            for version in 0..<count { hint("r1", stream, version + 1) }
        }
        if traits.isDeployed { connectCandidate() }
    }

    func process(_ name: String) -> Process {
        processes += 1
        let process = Process(name, number: processes, world: self, seed: schedule.number(processes, salt: 1))
        all.append(process)
        if isDissolved { process.die() }
        return process
    }

    func died(_ process: Process) { trace?("\(process.name) dies") }

    // MARK: Calls

    /// Decides when a call happens, and what goes wrong with it.
    private func place(_ call: StoreCall) {
        calls += 1
        call.number = calls
        let fault = fault(of: call)
        if let fault {
            faultsHappened += 1
            trace?("    \(call.process.name): \(fault) at call \(calls)")
            if case .clock(let milliseconds) = fault { call.process.skew += milliseconds * 1_000 }
        }
        var delay = schedule.calm.contains(calls) ? 1_000 : Self.delay(schedule.number(calls, salt: 2))
        switch fault {
        case .stall(let milliseconds)?:
            delay += milliseconds * 1_000
            if milliseconds >= 2_000 { call.process.isDisturbed = true }
        case .freeze(let milliseconds)?:
            call.process.frozenUntil = scheduler.now + delay + milliseconds * 1_000
            if milliseconds >= 2_000 { call.process.isDisturbed = true }
        default: break
        }
        scheduler.at(scheduler.now + delay) { [unowned self] in happen(call, fault) }
    }

    private func fault(of call: StoreCall) -> Fault.Kind? {
        let writes = call.operation.writes
        if !writes.isEmpty, writes.allSatisfy({ Self.isControl($0.table) }) {
            controlWrites += 1
            if let fault = faults[.control]?[controlWrites] { return fault }
        }
        return faults[.all]?[calls]
    }

    private static func isControl(_ table: String) -> Bool { table == names.ledger || table == StackNames.control }

    /// Microseconds: mostly some milliseconds, now and then much more.
    private static func delay(_ chance: UInt64) -> Int {
        let length = 1_000 + Int(chance & 0xFFF)
        switch (chance >> 32) & 0x3F {
        case 0: return length * 40
        case 1...3: return length * 8
        default: return length
        }
    }

    private func happen(_ call: StoreCall, _ fault: Fault.Kind?) {
        if isHeld(call.operation) { return scheduler.at(scheduler.now + Self.nextTry) { [unowned self] in happen(call, fault) } }
        changed = []
        let answer = call.perform(fault)
        trace?("\(call.process.name): \(call.operation)\(changed.isEmpty ? "" : "  ✓")")
        guard case .torn(let milliseconds)? = fault, changed.count > 1 else {
            guard call.process.frozenUntil > scheduler.now else { return answer() }
            return scheduler.at(call.process.frozenUntil, answer)
        }
        oracle.becomesVisible(changed, at: scheduler.now + milliseconds * 1_000)
        for (index, change) in changed.enumerated() where schedule.number(call.number + index, salt: 3) & 1 == 0 {
            store.hide(change, locking: true)
            scheduler.at(scheduler.now + milliseconds * (index + 1) * 1_000 / changed.count) { [unowned self] in store.show(change.place) }
        }
        scheduler.at(scheduler.now + milliseconds * 1_000 + 1, answer)
    }

    /// Whether a transaction holds the item: the client tries again.
    private func isHeld(_ operation: StoreCall.Operation) -> Bool {
        guard case .write(let write) = operation, !store.hidden.isEmpty, let place = try? store.place(of: write) else { return false }
        return store.isLocked(place)
    }

    /// Microseconds.
    private static let nextTry = 7_000

    /// Carries out what its caller has given up, so many microseconds later and whether or not that process still lives.
    func land(_ operation: StoreCall.Operation, after delay: Int, _ effect: @escaping () -> Void) {
        scheduler.at(scheduler.now + delay) { [unowned self] in
            if isHeld(operation) { return land(operation, after: Self.nextTry, effect) }
            changed = []
            effect()
            trace?("late: \(operation)\(changed.isEmpty ? "" : "  ✓")")
        }
    }

    private func committed(_ changes: [MemoryStore.Change]) {
        if changed.isEmpty { changed = changes } else { changed += changes }
        oracle.committed(changes, at: scheduler.now)
        if let violation = oracle.violation { fail(violation) }
        states.changed(changes)
        if store.sabotage == .staleReads {
            for change in changes where store.hidden[change.place] == nil {
                store.hide(change, locking: false)
                scheduler.at(scheduler.now + 30_000) { [unowned self] in store.show(change.place) }
            }
        }
        for change in changes where change.old == nil {
            guard let release = Application.release(ofEvents: change.place.table) else { continue }
            if case .number(let version) = change.place.range { hint(release, change.place.hash, version) }
        }
    }

    func fail(_ violation: Violation) {
        if self.violation == nil {
            self.violation = violation
            trace?("VIOLATION \(violation)")
        }
    }

    // MARK: The bus

    private func hint(_ release: String, _ stream: String, _ version: Int) {
        for consumer in [Consumer.Kind.projector(release), .reactor(release), .replicator(from: release)] where enabled.contains(consumer) {
            records += 1
            let chance = schedule.number(records, salt: 4)
            if isCalm || Int(chance & 0xF) < schedule.traits.dropped { continue }
            for copy in 0..<(chance >> 8 & 0xF == 0 ? 2 : 1) {
                let delay = 2_000 + Int((chance >> (16 + 12 * copy)) & 0xFFF) * (chance >> 12 & 0xF == 0 ? 400 : 10)
                scheduler.at(scheduler.now + delay) { [unowned self] in
                    Consumer(kind: consumer, world: self).deliver(.init([stream], versions: [stream: version]))
                }
            }
        }
    }

    // MARK: Functions and the users' address

    func container(_ release: String) -> Container {
        if let free = containers[release]?.popLast() {
            free.process.isDisturbed = false
            return free
        }
        return Container(release: release, process: process("\(release).command"), world: self)
    }

    func give(back container: Container) {
        if !container.process.isDead, !isDissolved { containers[container.release, default: []].append(container) }
    }

    func lead(to release: String) {
        if mapping.last?.release != release { mapping.append((scheduler.now, release)) }
    }

    /// The candidate's functions, and the replicator to it, follow their buses.
    func connectCandidate() {
        enabled.insert(.replicator(from: "r1"))
        if schedule.traits.projects { enabled.insert(.projector("r2")) }
        if schedule.traits.reacts { enabled.insert(.reactor("r2")) }
        Consumer(kind: .projector("r2"), world: self).deliver(Hints(streams))
    }

    /// The resources of a release go: nothing of it is delivered to, and no request may come to it.
    func remove(_ release: String) {
        removed.insert(release)
        enabled = enabled.filter { !$0.needs(release) }
        if let shard = oracle.heads.first(where: { $0.value.owner == release })?.key {
            fail(Violation(.durable, "\(release) is removed, which owns shard \(shard)"))
        }
    }

    /// For so many microseconds after the flip some requests still go to the old release.
    static let propagation = 3_000_000

    /// Where a request goes now.
    func route(_ chance: UInt64) -> String {
        var release = mapping.last?.release ?? "r1"
        if let last = mapping.last, mapping.count > 1, scheduler.now - last.at < Self.propagation, chance & 1 == 0 {
            release = mapping[mapping.count - 2].release
        }
        if removed.contains(release) { fail(Violation(.noRequestFails, "a request comes to \(release), which is removed")) }
        return release
    }

    /// What the control table says about a release.
    func releaseState(_ release: String) -> ReleaseRecord.State? {
        record(of: release)?["state"]?.string.flatMap(ReleaseRecord.State.init(rawValue:))
    }

    /// How far a release's deployment has come.
    func phase(of release: String) -> DeploymentPhase? {
        record(of: release)?["phase"]?.string.flatMap(DeploymentPhase.init(rawValue:))
    }

    private func record(of release: String) -> Item? {
        store.tables[StackNames.control]?.item(Self.names.stack, .text("release#\(release)"))
    }

    func forgetFaults() { faults = [:] }

    /// Every process ends, and none begins.
    func dissolve() {
        isDissolved = true
        enabled = []
        for process in all { process.die() }
        containers = [:]
    }

    func start(_ body: @escaping @Sendable () async -> Void) {
        unfinished += 1
        scheduler.start {
            await body()
            self.unfinished -= 1
        }
    }

    func ledger(_ process: Process) -> Ledger {
        Ledger(
            dynamo: SimulatedStore(process: process), names: Self.names, shards: shards, changedTogether: schedule.traits.changedTogether)
    }

    func handovers(_ process: Process) -> HandoverStore {
        HandoverStore(dynamo: SimulatedStore(process: process), stack: Self.names.stack)
    }
}
