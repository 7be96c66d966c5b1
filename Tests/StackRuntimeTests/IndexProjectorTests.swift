import AWS
import EventSourcing
import EventStore
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import StackRuntime

/// The versions since the last that is a multiple of four, at which the document is taken away: what the fold of a stream is shows in it.
private enum Versions: StreamProjection {
    struct Document: Codable, Sendable {
        var versions: [Int]
        var number: Value?
    }

    static func apply(_ event: StoredEvent, to document: inout Document?, id: String) throws {
        if event.data == "\"poison\"" { throw MalformedInput(field: "data", problem: "is poison") }
        if event.type == "Silent" { return }
        let before = document?.versions ?? []
        if let last = before.last, last != event.version - 1 {
            throw StreamGap(aggregateId: event.aggregateId, expected: last + 1, found: event.version)
        }
        let number: Value? = event.data == "\"misfit\"" ? "no number" : nil
        document = event.version % 4 == 0 ? nil : Document(versions: before + [event.version], number: number)
    }

    /// What the document of a stream of events without surprises is at a version.
    static func expected(at version: Int) -> [Int]? {
        version % 4 == 0 ? nil : Array((version - version % 4 + 1)...version)
    }
}

private struct Crash: Error {}

/// An index before which, after which or in which anything can happen.
private final class HostileIndex: Sendable, DocumentIndex {
    let base: any DocumentIndex
    private let isCalm = Mutex(false)
    private let shown = Mutex<[String: [IndexedDocument]]>([:])

    init(_ base: any DocumentIndex) { self.base = base }

    var clock: ClientClock { base.clock }

    func calmDown() { isCalm.withLock { $0 = true } }

    private func strike(_ chance: Double) throws {
        if !isCalm.withLock({ $0 }), Double.random(in: 0..<1) < chance { throw Crash() }
    }

    func documents(_ ids: [String]) async throws -> [String: IndexedDocument] {
        try strike(0.05)
        var found = try await base.documents(ids)
        if isCalm.withLock({ $0 }) { return found }
        for id in ids {
            let earlier = shown.withLock { shown in
                if let now = found[id] { shown[id, default: []].append(now) }
                return shown[id]?.randomElement()
            }
            // A replica that lags shows what was there before, or nothing yet.
            switch Int.random(in: 0..<10) {
            case 0: found[id] = nil
            case 1, 2: found[id] = earlier
            default: break
            }
        }
        return found
    }

    func keep(_ documents: [IndexedDocument]) async throws -> [String: String] {
        try strike(0.05)
        // Parts of a bulk arrive although its writer died.
        if !isCalm.withLock({ $0 }), Int.random(in: 0..<12) == 0 {
            _ = try await base.keep(documents.filter { _ in Bool.random() })
            throw Crash()
        }
        let refused = try await base.keep(documents)
        try strike(0.1)
        return refused
    }
}

@Suite(.localCloud) struct IndexProjectorTests {
    private struct Fixture {
        let store: StoreFixture
        let openSearch: OpenSearch
        let name: String

        static func make() async throws -> Fixture {
            let store = try await StoreFixture.make()
            let fixture = Fixture(
                store: store, openSearch: try await TestSearch.openSearch(), name: store.names.release("r1").readModel("versions"))
            try await fixture.createIndex()
            return fixture
        }

        func createIndex() async throws {
            let properties: JSON = ["id": ["type": "keyword"], "_deleted": ["type": "boolean"], "number": ["type": "double"]]
            try await openSearch.createIndex(name, mappings: ["dynamic": false, "properties": properties])
        }

        var index: DomainIndex { DomainIndex(openSearch: openSearch, name: name) }

        func projector(
            _ index: (any DocumentIndex)? = nil, dynamo: (any ItemStore)? = nil, reading: (any ItemStore)? = nil
        ) -> IndexProjector {
            IndexProjector(
                projection: AnyProjection(Versions.self), readModel: "versions", index: index ?? self.index, dynamo: dynamo ?? store.dynamo,
                names: store.names.release("r1"),
                reader: StreamReader(dynamo: reading ?? store.dynamo, table: store.names.release("r1").events))
        }

        func cursor(_ stream: String) async throws -> Item? {
            try await store.dynamo.getItem(
                store.names.release("r1").cursors, ["consumer": .s("\(CursorKey.projector("versions"))/\(stream)")])
        }

        /// The version of a stream's document, and the fold in it.
        func document(_ stream: String) async throws -> (version: Int, versions: [Int]?)? {
            try await index.documents([stream])[stream].map { ($0.version, try Self.versions($0)) }
        }

        static func versions(_ document: IndexedDocument) throws -> [Int]? {
            try document.fields.map { try Value.object($0).decode(Versions.Document.self).versions }
        }

        func commit(_ stream: String, after version: Int, type: String = "Happened", data: [String]) async throws {
            var events = store.events(stream, after: version, count: data.count)
            for index in events.indices { (events[index].type, events[index].data) = (type, data[index]) }
            try await store.commit("r1", events)
        }

        func remove() async throws { try await openSearch.deleteIndex(name) }
    }

    @Test func `a stream whose id begins with a combining character is folded like any other`() async throws {
        let fixture = try await Fixture.make()
        for version in 0..<3 {
            try await fixture.commit("\u{301}x", after: version, data: ["1"])
            #expect(try await fixture.projector().project(["\u{301}x"]).isEmpty)
        }
        #expect(try await fixture.document("\u{301}x")?.version == 3)
        try await fixture.remove()
    }

    @Test func `a hostile bus, index and store – doubles, disorder, loss, crashes, stale reads – leave the pure fold of each stream`()
        async throws
    {
        let fixture = try await Fixture.make()
        let index = HostileIndex(fixture.index)
        let isCalm = Mutex(false)
        let strike: HookedStore.Hook = { _ in
            if !isCalm.withLock({ $0 }), Int.random(in: 0..<12) == 0 { throw Crash() }
        }
        let projector = fixture.projector(index, dynamo: HookedStore(fixture.store.dynamo, before: strike, after: strike))
        let streams = (0..<12).map { "stream-\($0)" }
        // Whatever the moment: a document is the fold of its stream up to its version.
        func checkAll() async throws -> [String: Int] {
            var versions: [String: Int] = [:]
            for (stream, document) in try await fixture.index.documents(streams) {
                #expect(try Fixture.versions(document) == Versions.expected(at: document.version), "\(document)")
                versions[stream] = document.version
            }
            return versions
        }
        for round in 0..<4 {
            for stream in streams { try await fixture.store.commit("r1", stream, after: round * 3, count: 3) }
            // Each stream is hinted at several times, by several instances at once, in any order; some hints are lost.
            let hints = (streams + streams + streams + streams).shuffled().dropLast(4)
            await withTaskGroup(of: Void.self) { group in
                for instance in 0..<4 {
                    group.addTask {
                        for start in stride(from: instance * 5, to: hints.count, by: 20) {
                            do {
                                let some = Array(hints[start..<min(start + 5, hints.count)])
                                // Half of them are records of the bus, each of which tells of some version so far.
                                let versions =
                                    start % 2 == 0 ? [:] : Dictionary(some.map { ($0, round * 3 + Int.random(in: 0...3)) }) { max($0, $1) }
                                #expect(try await projector.project(Hints(some, versions: versions)).isEmpty)
                            } catch {
                                #expect(error is Crash, "\(error)")
                            }
                        }
                    }
                }
            }
            _ = try await checkAll()
        }
        index.calmDown()
        isCalm.withLock { $0 = true }
        #expect(try await projector.project(streams).isEmpty)
        #expect(try await checkAll() == Dictionary(uniqueKeysWithValues: streams.map { ($0, 12) }))
        for stream in streams { #expect(try await fixture.cursor(stream)?["version"]?.int == 12) }
        for stream in streams { try await fixture.store.commit("r1", stream, after: 12, count: 2) }
        #expect(try await projector.project(streams).isEmpty)
        try await fixture.openSearch.refresh(fixture.name)
        let found = try await fixture.openSearch.search(fixture.name, ["query": ["bool": ["must_not": [IndexedDocument.isDeleted]]]])
        #expect(found.total == streams.count)
        try await fixture.remove()
    }

    @Test func `an instance that slept through a removal brings nothing back`() async throws {
        let fixture = try await Fixture.make()
        try await fixture.store.commit("r1", "s", after: 0, count: 3)
        // Another instance folds the fourth event, which takes the document away, while the first is about to write the third.
        struct Sleeper: DocumentIndex {
            let base: DomainIndex
            let meanwhile: @Sendable () async throws -> Void
            var clock: ClientClock { base.clock }
            func documents(_ ids: [String]) async throws -> [String: IndexedDocument] { try await base.documents(ids) }
            func keep(_ documents: [IndexedDocument]) async throws -> [String: String] {
                if documents.contains(where: { $0.version == 3 }) { try await meanwhile() }
                return try await base.keep(documents)
            }
        }
        let sleeper = Sleeper(base: fixture.index) {
            try await fixture.store.commit("r1", "s", after: 3)
            #expect(try await fixture.projector().project(["s"]).isEmpty)
        }
        #expect(try await fixture.projector(sleeper).project(["s"]).isEmpty)
        let document = try #require(try await fixture.document("s"))
        #expect(document.version == 4 && document.versions == nil)
        #expect(try await fixture.cursor("s")?["version"]?.int == 4)
        try await fixture.remove()
    }

    @Test func `a crash between document and cursor is made good by the next hint`() async throws {
        let fixture = try await Fixture.make()
        try await fixture.store.commit("r1", "s", after: 0, count: 2)
        let dying = HookedStore(fixture.store.dynamo, before: { _ in throw Crash() })
        await #expect(throws: Crash.self) { try await fixture.projector(dynamo: dying).project(["s"]) }
        #expect(try await fixture.document("s")?.version == 2)
        #expect(try await fixture.cursor("s") == nil)
        #expect(try await fixture.projector().project(["s"]).isEmpty)
        #expect(try await fixture.cursor("s")?["version"]?.int == 2)
        try await fixture.store.commit("r1", "s", after: 2)
        #expect(try await fixture.projector().project(["s"]).isEmpty)
        #expect(try await fixture.document("s")?.versions == [1, 2, 3])
        try await fixture.remove()
    }

    @Test func `a document that the index has lost is folded from the stream's start by the next event`() async throws {
        let fixture = try await Fixture.make()
        try await fixture.store.commit("r1", "s", after: 0, count: 2)
        #expect(try await fixture.projector().project(["s"]).isEmpty)
        try await fixture.remove()
        try await fixture.createIndex()
        try await fixture.store.commit("r1", "s", after: 2)
        #expect(try await fixture.projector().project(["s"]).isEmpty)
        #expect(try await fixture.document("s")?.versions == [1, 2, 3])
        try await fixture.remove()
    }

    @Test func `a stream without a document leaves nothing in the index, and isn't read from its start again`() async throws {
        let fixture = try await Fixture.make()
        try await fixture.commit("silent", after: 0, type: "Silent", data: ["1", "2", "3"])
        #expect(try await fixture.projector().project(["silent", "nothing"]).isEmpty)
        #expect(try await fixture.document("silent") == nil)
        let cursor = try #require(try await fixture.cursor("silent"))
        #expect(cursor["version"]?.int == 3 && cursor["bare"]?.bool == true)
        #expect(StreamFold("silent", found: nil, cursor: .init(version: 3, isBare: true)).version == 3)
        #expect(try await fixture.cursor("nothing") == nil)
        try await fixture.commit("silent", after: 3, type: "Silent", data: ["4"])
        try await fixture.commit("silent", after: 4, data: ["5"])
        #expect(try await fixture.projector().project(["silent"]).isEmpty)
        #expect(try await fixture.document("silent")?.versions == [5])
        try await fixture.remove()
    }

    @Test func `a stream of a thousand events is folded in pages`() async throws {
        let fixture = try await Fixture.make()
        for part in 0..<13 { try await fixture.store.commit("r1", "long", after: part * 79, count: 79) }
        let pages = Mutex(0)
        let counted = HookedStore(
            fixture.store.dynamo,
            found: { _, items in
                pages.withLock { $0 += 1 }
                return items
            })
        #expect(try await fixture.projector(reading: counted).project(["long"]).isEmpty)
        #expect(pages.withLock { $0 } == 6)
        let document = try #require(try await fixture.document("long"))
        #expect(document.version == 1_027 && document.versions == [1_025, 1_026, 1_027])
        try await fixture.remove()
    }

    @Test func `a poisonous event stops its own stream only, and one that a person passed by is passed by for good`() async throws {
        let fixture = try await Fixture.make()
        try await fixture.commit("bad", after: 0, data: ["1", "\"poison\"", "3"])
        try await fixture.store.commit("r1", "good", after: 0, count: 3)
        let faults = try await fixture.projector().project(["bad", "good"])
        #expect(Array(faults.keys) == ["bad"])
        #expect(try #require(faults["bad"]).event?.version == 2)
        #expect(try await fixture.document("bad")?.versions == [1])
        #expect(try await fixture.document("good")?.versions == [1, 2, 3])

        // What `immutable parked skip` writes. The fold of this projection then notices the gap, at the next event.
        try await fixture.store.dynamo.write(
            .update(
                fixture.store.names.release("r1").cursors, ["consumer": .s("\(CursorKey.projector("versions"))/bad")],
                "SET #version = :new, #skipped = list_append(if_not_exists(#skipped, :none), :skipped)", if: "#version = :old",
                values: [":new": .int(2), ":old": .int(1), ":none": .l([]), ":skipped": .l([.int(2)])]))
        let next = try await fixture.projector().project(["bad"])
        #expect(try #require(next["bad"]).event?.version == 3)
        try await fixture.remove()
    }

    @Test func `a document that doesn't fit the mapping stops its stream at the event that made it so`() async throws {
        let fixture = try await Fixture.make()
        try await fixture.commit("misfit", after: 0, data: ["1", "\"misfit\"", "\"misfit\""])
        try await fixture.store.commit("r1", "good", after: 0, count: 3)
        let faults = try await fixture.projector().project(["misfit", "good"])
        #expect(Array(faults.keys) == ["misfit"])
        #expect(try #require(faults["misfit"]).event?.version == 2)
        #expect(try await fixture.document("misfit")?.versions == [1])
        #expect(try await fixture.document("good")?.versions == [1, 2, 3])
        try await fixture.remove()
    }

    @Test func `ids of any characters are ids of documents`() async throws {
        let fixture = try await Fixture.make()
        let streams = ["ä/ö ü", "東京", "🎉", "a\"b\\c\nd", String(repeating: "x", count: 512)]
        for stream in streams { try await fixture.store.commit("r1", stream, after: 0, count: 2) }
        #expect(try await fixture.projector().project(streams).isEmpty)
        for stream in streams { #expect(try await fixture.document(stream)?.versions == [1, 2]) }
        try await fixture.remove()
    }
}
