import AWS
import EventSourcing
import EventStore
import Foundation
import TestSupport
import Testing

@testable import StackRuntime

/// Projectors under a bus that doubles, disorders, drops and cuts, several of them at once, each of which may die at any call. In every other case
/// events come with the hints, as in a replay's second pass: some of a stream's, and now and then doubled and disordered, too.
///
/// `IMMUTABLE_HOSTILE_BUS=1000 swift test --filter HostileBusTests` tries as many cases, and says how many hints, instances and deaths there were.
@Suite(.localCloud) struct HostileBusTests {
    @Test func `whatever the bus does, the read model is the pure fold of the store`() async throws {
        let cases = ProcessInfo.processInfo.environment["IMMUTABLE_HOSTILE_BUS"].flatMap(Int.init) ?? 6
        let bus = try await HostileBus.make()
        var figures = HostileBus.Figures()
        for seed in 0..<cases { try await bus.run(case: seed, &figures) }
        print("hostile bus: \(cases) cases; \(figures)")
        #expect(figures.deaths > 0 && figures.dropped > 0 && (figures.atHand > 0 || cases == 1))
    }
}

/// One read model of one release, and what a hostile bus does to it.
private struct HostileBus {
    struct Figures: CustomStringConvertible {
        var events = 0
        var atHand = 0
        var batches = 0
        var dropped = 0
        var deaths = 0
        var rebuilds = 0
        var documents = 0

        mutating func add(_ projected: Projected) {
            batches += projected.batches
            deaths += projected.deaths
            atHand += projected.atHand
        }

        var description: String {
            "\(events) events, \(atHand) at hand, \(batches) batches, \(dropped) hints dropped, \(deaths) deaths, \(rebuilds) rebuilds beside, \(documents) documents as the fold makes them"
        }
    }

    /// What came of some hints.
    struct Projected: Sendable {
        var batches: Int
        var deaths: Int
        var atHand: Int
    }

    /// Which events come with a hint.
    enum Carried: Sendable {
        case none
        /// Any part of the stream: what came after it has hints of its own, or is the audit's.
        case anyPart
        /// Any part to the end, so that the hint isn't lost with what it leaves out.
        case toTheEnd
    }

    /// A record of the bus: one for each event, and now and then one for none.
    private struct Hint: Sendable {
        var stream: String
        var version: Int
    }

    let store: StoreFixture
    let names: ReleaseNames
    static let projection = AnyProjection(Everything.self)

    static func make() async throws -> HostileBus {
        let store = try await StoreFixture.make(releases: ["r1"])
        let names = store.names.release("r1")
        for generation in [Generation("all", 0), Generation("all", 1)] {
            try await store.dynamo.createTable(.init(name: names.table(generation), hashKey: .string("id")))
        }
        return HostileBus(store: store, names: names)
    }

    /// Two thirds of the cases have one generation; in the others a second one is filled meanwhile, without an audit at its end. In every second case
    /// without events at hand the hints tell of versions, as the bus' records do.
    func run(case seed: Int, _ figures: inout Figures) async throws {
        var random = Dice(seed: UInt64(seed) + 1)
        let isRebuilt = seed % 3 == 2
        let carried: Carried = seed % 2 == 0 ? .none : isRebuilt ? .toTheEnd : .anyPart
        let streams = (0..<Int.random(in: 1...6, using: &random)).map { "c\(seed)-s\($0)" }
        try await setState(.init(readModel: "all"))
        var hints: [Hint] = []
        let tellsVersions = seed % 4 < 2
        var isFilling = false
        for _ in 0..<Int.random(in: 2...4, using: &random) {
            for stream in streams {
                let count = Int.random(in: 0...4, using: &random)
                let last = try await commit(stream, count, &random)
                figures.events += count
                // A rebuild rests on hints that aren't lost while it fills; a record that the bus dropped is the audit's.
                let times = isRebuilt ? max(1, count) : Int.random(in: 0...3, using: &random)
                if times == 0 { figures.dropped += 1 }
                hints += (0..<times).map {
                    Hint(stream: stream, version: max(1, isRebuilt ? last - $0 : last - Int.random(in: 0...3, using: &random)))
                }
            }
            if isRebuilt, !isFilling {
                isFilling = true
                var state = ReadModelState(readModel: "all")
                state.rebuild = .init(phase: .filling, other: 1)
                let batches = try await cut(hints, carried, tellsVersions, &random)
                let seed = random.next()
                async let projected = project(batches, seed)
                for _ in 0..<Int.random(in: 0...60, using: &random) { await Task.yield() }
                try await setState(state)
                // The fill: every stream that is in the store once the state says so.
                _ = try await GenerationOrderRun(projector: projector(store.dynamo), generation: 1).run(streams)
                figures.add(try await projected)
            } else {
                let batches = try await cut(hints, carried, tellsVersions, &random)
                figures.add(try await project(batches, random.next()))
            }
            hints = isRebuilt ? [] : hints.filter { _ in Bool.random(using: &random) }
        }
        if isRebuilt {
            figures.rebuilds += 1
        } else {
            // What an audit does at the end: it finds what is behind, and hints.
            #expect(try await projector(store.dynamo).project(streams).isEmpty)
        }
        try await check(seed, streams, Generation("all", 0), &figures)
        if isRebuilt { try await check(seed, streams, Generation("all", 1), &figures) }
    }

    private func projector(_ dynamo: any ItemStore) -> Projector {
        Projector(
            projection: Self.projection, readModel: "all", dynamo: dynamo, names: names,
            reader: StreamReader(dynamo: dynamo, table: names.events))
    }

    /// Puts the hints out of order, and cuts them into batches.
    private func cut(_ hints: [Hint], _ carried: Carried, _ tellsVersions: Bool, _ random: inout Dice) async throws -> [Hints] {
        var rest = hints.shuffled(using: &random)[...]
        var batches: [Hints] = []
        while !rest.isEmpty {
            let size = Int.random(in: 1...5, using: &random)
            let batch = rest.prefix(size)
            let streams = batch.map(\.stream)
            let versions =
                carried == .none && tellsVersions ? Dictionary(batch.map { ($0.stream, $0.version) }, uniquingKeysWith: max) : [:]
            batches.append(Hints(streams, atHand: try await events(of: streams, carried, &random), versions: versions))
            rest = rest.dropFirst(size)
        }
        return batches
    }

    /// Gives the batches to several instances at once. One that dies gets its batch again, as from a bus.
    private func project(_ batches: [Hints], _ seed: UInt64) async throws -> Projected {
        var random = Dice(seed: seed)
        let atHand = batches.reduce(0) { sum, batch in sum + batch.atHand.values.reduce(0) { $0 + $1.count } }
        let lives = batches.map { _ in (0..<Int.random(in: 0...3, using: &random)).map { _ in Int.random(in: 1...14, using: &random) } }
        return try await withThrowingTaskGroup(of: Int.self) { group in
            var waiting = zip(batches, lives).makeIterator()
            func startNext() {
                guard let (batch, lives) = waiting.next() else { return }
                group.addTask {
                    var deaths = 0
                    for calls in lives {
                        do {
                            let mortal = MortalStore(store.dynamo, dies: (calls, calls.isMultiple(of: 2)))
                            let faults = try await projector(mortal).project(batch)
                            #expect(faults.isEmpty)
                            return deaths
                        } catch is MortalStore.Death {
                            deaths += 1
                        }
                    }
                    #expect(try await projector(store.dynamo).project(batch).isEmpty)
                    return deaths
                }
            }
            for _ in 0..<3 { startNext() }
            var deaths = 0
            while let more = try await group.next() {
                deaths += more
                startNext()
            }
            return Projected(batches: batches.count, deaths: deaths, atHand: atHand)
        }
    }

    /// A part of each stream for each of its hints, in the order of these.
    private func events(of hints: [String], _ carried: Carried, _ random: inout Dice) async throws -> [String: [StoredEvent]] {
        if carried == .none { return [:] }
        var found: [String: [StoredEvent]] = [:]
        for stream in hints {
            let events = try await store.reader("r1").load(stream)
            let first = Bool.random(using: &random) ? 0 : Int.random(in: 0...events.count, using: &random)
            let end = carried == .toTheEnd ? events.count : Int.random(in: first...events.count, using: &random)
            var part = Array(events[first..<end])
            if Int.random(in: 0..<5, using: &random) == 0, let again = part.randomElement(using: &random) { part.append(again) }
            if Int.random(in: 0..<5, using: &random) == 0 { part.shuffle(using: &random) }
            found[stream, default: []] += part
        }
        return found
    }

    private func setState(_ state: ReadModelState) async throws {
        try await store.dynamo.write(.delete(names.cursors, ["consumer": .s("generations/all")]))
        if state.rebuild != nil { _ = try await state.advanced(store.dynamo, names, fence: store.fence) }
    }

    /// Returns the stream's last version.
    private func commit(_ stream: String, _ count: Int, _ random: inout Dice) async throws -> Int {
        let last = try await store.reader("r1").lastVersion(stream)
        guard count > 0 else { return last }
        var events = store.events(stream, after: last, count: count)
        for index in events.indices { events[index].type = Everything.types.randomElement(using: &random) ?? "Counted" }
        try await store.commit("r1", events)
        return last + count
    }

    private func check(_ seed: Int, _ streams: [String], _ generation: Generation, _ figures: inout Figures) async throws {
        var expected: [String: [String: Value]] = [:]
        for stream in streams {
            for event in try await store.reader("r1").load(stream) {
                for id in try Self.projection.documentIDs(event) { expected[id] = try Self.projection.apply(event, expected[id], id) }
            }
        }
        let ids = Everything.ids(of: streams)
        let items = try await store.dynamo.batchGet(names.table(generation), keys: ids.map { ["id": .s($0)] })
        let found = Dictionary(
            items.compactMap { item in item["id"]?.string.map { ($0, DocumentItem.visible(item).filter { $0.key != "id" }) } }
        ) { first, _ in first }
        #expect(found == expected, "case \(seed), \(generation.name)")
        figures.documents += found.count
    }
}

/// The fill of one generation, as a rebuild asks for it.
private struct GenerationOrderRun {
    let projector: Projector
    let generation: Int

    func run(_ streams: [String]) async throws -> [String: any StreamFault] {
        try await projector.project(Hints(streams), in: Generation("all", generation))
    }
}

/// Documents of one stream that end and begin again, documents of many streams, many documents of one event; all of it sums, so that the order
/// between streams doesn't matter, and within a stream all of it notices a gap, a double or disorder.
private enum Everything: Projection {
    static let types = ["Counted", "Counted", "Spread", "Ended", "Quiet"]

    struct Document: Codable, Sendable {
        var count: Int
        var last: [String: Int]
    }

    /// The case that a stream belongs to.
    private static func prefix(_ stream: String) -> Substring { stream.prefix { $0 != "-" } }

    static func ids(of streams: [String]) -> [String] {
        guard let first = streams.first else { return [] }
        return streams + ["\(prefix(first))-all"] + (0..<20).map { "\(prefix(first))-spread-\($0)" }
    }

    static func documentIDs(for event: StoredEvent) -> [String] {
        let prefix = prefix(event.aggregateId)
        switch event.type {
        case "Quiet": return []
        case "Spread": return (0..<20).map { "\(prefix)-spread-\($0)" } + ["\(prefix)-all"]
        default: return [event.aggregateId, "\(prefix)-all"]
        }
    }

    static func apply(_ event: StoredEvent, to document: inout Document?, id: String) throws {
        var next = document ?? Document(count: 0, last: [:])
        guard next.last[event.aggregateId, default: 0] < event.version else {
            throw StreamGap(aggregateId: event.aggregateId, expected: event.version, found: next.last[event.aggregateId, default: 0])
        }
        next.count += 1
        next.last[event.aggregateId] = event.version
        // A document of one stream ends; the shared one goes on.
        document = event.type == "Ended" && id == event.aggregateId ? nil : next
    }
}

/// Random numbers that a seed repeats (SplitMix64).
private struct Dice: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
