import AWS
import EventSourcing
import EventStore
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import StackRuntime

/// A document of several streams, which the stream `end` ends.
private enum Shared: Projection {
    struct Document: Codable, Sendable {
        var streams: [String]
    }

    static func documentIDs(for event: StoredEvent) -> [String] { ["all"] }

    static func apply(_ event: StoredEvent, to document: inout Document?, id: String) {
        document = event.aggregateId == "end" ? nil : Document(streams: (document?.streams ?? []) + [event.aggregateId])
    }
}

/// As many documents as the event says.
private enum Wide: Projection {
    struct Document: Codable, Sendable {
        var count: Int
    }

    static func documentIDs(for event: StoredEvent) -> [String] { (0..<(Int(event.data) ?? 0)).map { "\(event.aggregateId)-\($0)" } }

    static func apply(_ event: StoredEvent, to document: inout Document?, id: String) { document = Document(count: 1) }
}

/// Documents with the id that the event's data is.
private enum Named: Projection {
    struct Document: Codable, Sendable {
        var events: [String]
    }

    static func documentIDs(for event: StoredEvent) -> [String] { [event.data] }

    static func apply(_ event: StoredEvent, to document: inout Document?, id: String) {
        document = Document(events: (document?.events ?? []) + [event.position])
    }
}

/// A document that each event makes 95 KB larger.
private enum Growing: Projection {
    static let part = 95 * 1_024

    struct Document: Codable, Sendable {
        var text: String
    }

    static func documentIDs(for event: StoredEvent) -> [String] { [event.aggregateId] }

    static func apply(_ event: StoredEvent, to document: inout Document?, id: String) {
        document = Document(text: (document?.text ?? "") + String(repeating: "é", count: part / 2))
    }
}

/// One document of all streams, in parts.
private enum InParts: PartitionedProjection {
    static let parts = 4

    struct Document: Codable, Sendable {
        var count: Int
    }

    static func documentIDs(for event: StoredEvent) -> [String] { ["all"] }

    static func apply(_ event: StoredEvent, to document: inout Document?, id: String) {
        document = Document(count: (document?.count ?? 0) + 1)
    }

    static func merged(_ one: Document, _ other: Document) -> Document { Document(count: one.count + other.count) }
}

/// `true` once.
private final class HookSwitch: Sendable {
    private let used = Mutex(false)

    var isFirst: Bool {
        used.withLock { used in
            defer { used = true }
            return !used
        }
    }
}

@Suite(.localCloud) struct ProjectorTests {
    private func projector(_ store: StoreFixture) async throws -> Projector { try await store.countsProjector() }

    private func count(_ store: StoreFixture, _ id: String) async throws -> Int? { try await store.count(id) }

    @Test func `a hostile bus – doubles, disorder, loss, many instances – leaves the pure fold of the store`() async throws {
        let store = try await StoreFixture.make()
        let projector = try await projector(store)
        let streams = (0..<12).map { "stream-\($0)" }
        var random = SystemRandomNumberGenerator()
        for round in 0..<3 {
            for stream in streams { try await store.commit("r1", stream, after: round * 2, count: 2) }
            // Each stream is hinted at several times, by several instances at once, in any order; some hints are lost.
            let hints = (streams + streams + streams).shuffled(using: &random).dropLast(5)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for start in stride(from: 0, to: hints.count, by: 4) {
                    let batch = Array(hints[start..<min(start + 4, hints.count)])
                    group.addTask {
                        let faults = try await projector.project(batch)
                        #expect(faults.isEmpty)
                    }
                }
                try await group.waitForAll()
            }
        }
        #expect(try await projector.project(streams).isEmpty)
        for stream in streams { #expect(try await count(store, stream) == 6) }
        #expect(try await count(store, "all") == 72)
    }

    @Test func `a document that was deleted and made again meanwhile is not taken for what it was`() async throws {
        let store = try await StoreFixture.make()
        let slow = HookSwitch()
        let names = store.names.release("r1")
        try await store.dynamo.createTable(.init(name: names.readModel("shared"), hashKey: .string("id")))
        @Sendable func projector(_ dynamo: any ItemStore) -> Projector {
            Projector(
                projection: AnyProjection(Shared.self), readModel: "shared", dynamo: dynamo, names: names, reader: store.reader("r1"))
        }
        try await store.commit("r1", "first", after: 0)
        #expect(try await projector(store.dynamo).project(["first"]).isEmpty)
        for stream in ["end", "second", "slow"] { try await store.commit("r1", stream, after: 0) }
        let hooked = HookedStore(
            store.dynamo,
            before: { _ in
                guard slow.isFirst else { return }
                // Between the slow one's read and its write the document ends, and begins again with the same revision.
                for stream in ["end", "second"] {
                    let faults = try await projector(store.dynamo).project([stream])
                    #expect(faults.isEmpty)
                }
            })
        #expect(try await projector(hooked).project(["slow"]).isEmpty)
        let item = try await store.dynamo.getItem(names.readModel("shared"), ["id": .s("all")])
        #expect(item?["streams"]?.list?.compactMap(\.string) == ["second", "slow"])
    }

    @Test func `what came before a poisonous event is applied although others are in the way`() async throws {
        let store = try await StoreFixture.make()
        let first = HookSwitch()
        let plain = try await projector(store)
        var poison = store.events("bad", after: 1)
        poison[0].data = "\"poison\""
        try await store.commit("r1", "bad", after: 0)
        #expect(try await store.appender("r1").append(poison) == .appended)
        try await store.commit("r1", "other", after: 0)
        let hooked = HookedStore(
            store.dynamo,
            before: { _ in
                guard first.isFirst else { return }
                let faults = try await plain.project(["other"])
                #expect(faults.isEmpty)
            })
        let faults = try await Projector(
            projection: plain.projection, readModel: "counts", dynamo: hooked, names: plain.names, reader: plain.reader
        ).project(["bad"])
        #expect(Array(faults.keys) == ["bad"])
        #expect(try await count(store, "bad") == 1)
        #expect(try await count(store, "all") == 2)
    }

    @Test func `an event may touch 94 documents; one more stops its stream, and says why`() async throws {
        let store = try await StoreFixture.make()
        let names = store.names.release("r1")
        try await store.dynamo.createTable(.init(name: names.readModel("wide"), hashKey: .string("id")))
        let projector = Projector(
            projection: AnyProjection(Wide.self), readModel: "wide", dynamo: store.dynamo, names: names, reader: store.reader("r1"))
        for (stream, width) in [("fits", 94), ("too-wide", 95)] {
            var events = store.events(stream, after: 0)
            events[0].data = "\(width)"
            try await store.commit("r1", events)
        }
        let faults = try await projector.project(["fits", "too-wide"])
        #expect(Array(faults.keys) == ["too-wide"])
        #expect("\(try #require(faults["too-wide"]))".contains("touches 95 documents"))
        let keys = (0..<95).map { ["id": AttributeValue.s("fits-\($0)")] }
        #expect(try await store.dynamo.batchGet(names.readModel("wide"), keys: keys).count == 94)
    }

    // After a slash they make one character with it: a key that is cut by characters loses them.
    @Test(arguments: ["\u{301}x", "\u{FE0F}", "\u{600}x", "x\u{600}"])
    func `a stream whose id begins with a combining character, or ends with one that combines, is projected like any other`(stream: String)
        async throws
    {
        let store = try await StoreFixture.make()
        let projector = try await projector(store)
        try await store.commit("r1", "x", after: 0, count: 3)
        for version in 0..<3 {
            try await store.commit("r1", stream, after: version)
            #expect(try await projector.project([stream, "x"]).isEmpty)
        }
        #expect(try await projector.project([stream, "x"]).isEmpty)
        #expect(try await count(store, stream) == 3)
        #expect(try await count(store, "x") == 3)
        #expect(try await count(store, "all") == 6)
    }

    @Test func `an event that names a document by an id that no table takes stops its stream alone`() async throws {
        let store = try await StoreFixture.make()
        let names = store.names.release("r1")
        try await store.dynamo.createTable(.init(name: names.readModel("named"), hashKey: .string("id")))
        let projector = Projector(
            projection: AnyProjection(Named.self), readModel: "named", dynamo: store.dynamo, names: names, reader: store.reader("r1"))
        for (stream, id) in [
            ("empty", ""), ("fits", "caf\u{E9}"), ("long", String(repeating: "x", count: 2_049)), ("other", "cafe\u{301}"),
        ] {
            var events = store.events(stream, after: 0)
            events[0].data = id
            try await store.commit("r1", events)
        }
        let faults = try await projector.project(["empty", "fits", "long", "other"])
        #expect(Set(faults.keys) == ["empty", "long"])
        let document = try await store.dynamo.getItem(names.readModel("named"), ["id": .s("caf\u{E9}")])
        #expect(document?["events"] == .l(["fits@1", "other@1"]))
    }

    @Test func `a document that grows over 400 KB stops the stream that makes it grow, at that event, each time it is hinted at`()
        async throws
    {
        let store = try await StoreFixture.make()
        let names = store.names.release("r1")
        try await store.dynamo.createTable(.init(name: names.readModel("growing"), hashKey: .string("id")))
        let projector = Projector(
            projection: AnyProjection(Growing.self), readModel: "growing", dynamo: store.dynamo, names: names, reader: store.reader("r1"))
        // 4 of 95 KB fit into one item, the fifth doesn't.
        for version in 0..<6 { try await store.commit("r1", "large", after: version) }
        for version in 0..<2 { try await store.commit("r1", "small", after: version) }
        for _ in 0..<2 {
            let faults = try await projector.project(["large", "small"])
            #expect(Array(faults.keys) == ["large"])
            let fault = try #require(faults["large"])
            #expect(fault.event?.version == 5 && "\(fault)".contains("large@5"), "\(fault)")
            for (id, parts) in [("large", 4), ("small", 2)] {
                let item = try await store.dynamo.getItem(names.readModel("growing"), ["id": .s(id)])
                #expect(item?["text"]?.string?.utf8.count == parts * Growing.part)
                let cursor = try await store.dynamo.getItem(names.cursors, ["consumer": .s("projector/growing/\(id)")])
                #expect(cursor?["version"]?.int == parts)
            }
        }
    }

    @Test func `documents in parts are written side by side and read as one`() async throws {
        let store = try await StoreFixture.make()
        let names = store.names.release("r1")
        try await store.dynamo.createTable(.init(name: names.readModel("days"), hashKey: .string("id")))
        let projection = AnyProjection(InParts.self)
        let projector = Projector(
            projection: projection, readModel: "days", dynamo: store.dynamo, names: names, reader: store.reader("r1"))
        let streams = (0..<40).map { "stream-\($0)" }
        for stream in streams { try await store.commit("r1", stream, after: 0, count: 2) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for stream in streams {
                group.addTask {
                    let faults = try await projector.project([stream])
                    #expect(faults.isEmpty)
                }
            }
            try await group.waitForAll()
        }
        let parts = try #require(projection.parts)
        let keys = (0..<parts.count).map { ["id": AttributeValue.s(DocumentPart.id("all", $0))] }
        let items = try await store.dynamo.batchGet(names.readModel("days"), keys: keys)
        #expect(items.count == InParts.parts)
        #expect(try parts.merged(items.map(DocumentItem.visible))?["count"] == 80)
        #expect(try parts.merged([]) == nil)
    }

    @Test func `a poisonous event stops its own stream only`() async throws {
        let store = try await StoreFixture.make()
        let projector = try await projector(store)
        var poison = store.events("bad", after: 1)
        poison[0].data = "\"poison\""
        try await store.commit("r1", "bad", after: 0)
        #expect(try await store.appender("r1").append(poison) == .appended)
        try await store.commit("r1", "good", after: 0, count: 3)
        let faults = try await projector.project(["bad", "good"])
        #expect(Array(faults.keys) == ["bad"])
        #expect("\(try #require(faults["bad"]))".contains("bad@2"))
        #expect(try await count(store, "bad") == 1)
        #expect(try await count(store, "good") == 3)
        #expect(try await count(store, "all") == 4)
    }

    @Test func `a stream with a missing event or an odd item stops alone`() async throws {
        let store = try await StoreFixture.make()
        let projector = try await projector(store)
        for stream in ["gap", "good", "odd"] { try await store.commit("r1", stream, after: 0, count: 3) }
        try await store.dynamo.write(.delete(projector.names.events, ["aggregateId": .s("gap"), "version": .int(2)]))
        try await store.dynamo.write(
            .update(projector.names.events, ["aggregateId": .s("odd"), "version": .int(3)], "REMOVE #type", values: [:]))
        let faults = try await projector.project(["gap", "good", "odd"])
        #expect(faults["gap"] as? StreamGap == StreamGap(aggregateId: "gap", expected: 2, found: 3))
        #expect("\(try #require(faults["odd"]))".contains("'type'"), "\(faults)")
        #expect(faults.count == 2)
        #expect(try await count(store, "good") == 3)
    }

    @Test func `a stream of a thousand events is projected in pages`() async throws {
        let store = try await StoreFixture.make()
        let projector = try await projector(store)
        for part in 0..<13 { try await store.commit("r1", "long", after: part * 80, count: 80) }
        #expect(try await projector.project(["long"]).isEmpty)
        #expect(try await count(store, "long") == 1_040)
    }

    @Test func `a stream that isn't there makes no document`() async throws {
        let store = try await StoreFixture.make()
        let projector = try await projector(store)
        #expect(try await projector.project(["nothing"]).isEmpty)
        #expect(try await count(store, "nothing") == nil)
    }
}
