import EventSourcing
import Testing

private struct Refused: Error {}

@Suite struct StreamCopyTests {
    @Test func `a kept event keeps its bytes, id, time and origin`() throws {
        var copy = StreamCopy(from: "r1")
        let event = StoredEvent.sample(data: #"{"b":1, "a":2}"#)
        var expected = event
        (expected.epoch, expected.from, expected.source) = (0, "r1", "o-17@1")
        #expect(try copy.copy(event, by: .identity) == [expected])
    }

    @Test func `a replaced event changes type, schema and data alone`() throws {
        var copy = StreamCopy(from: "r1")
        let event = StoredEvent.sample()
        var expected = event
        (expected.type, expected.schema, expected.data) = ("Noted2", 2, "[]")
        (expected.epoch, expected.from, expected.source) = (0, "r1", "o-17@1")
        let mapping = Mapping { _ in .replace(ConvertedEvent(type: "Noted2", schema: 2, data: "[]")) }
        #expect(try copy.copy(event, by: mapping) == [expected])
    }

    @Test func `a dropped event leaves no gap in the target`() throws {
        var copy = StreamCopy(from: "r1")
        let versions = try (1...5).map { version in
            try copy.copy(.sample(version: version), by: Mapping { $0.version % 2 == 0 ? .drop : .keep }).first
        }
        #expect(versions.map { $0?.version } == [1, nil, 2, nil, 3])
        #expect(versions.map { $0?.source } == ["o-17@1", nil, "o-17@3", nil, "o-17@5"])
        #expect(copy == StreamCopy(from: "r1", sourceVersion: 5, targetVersion: 3))
    }

    @Test(arguments: [1, 2, 4, 0, -1])
    func `an event that is not the next is a gap, and nothing moves`(version: Int) {
        var copy = StreamCopy(from: "r1", sourceVersion: 2, targetVersion: 7)
        let before = copy
        #expect(throws: StreamGap(aggregateId: "o-17", expected: 3, found: version)) {
            try copy.copy(.sample(version: version), by: .identity)
        }
        #expect(throws: StreamGap(aggregateId: "o-17", expected: 3, found: version)) { try copy.skip(.sample(version: version)) }
        #expect(copy == before)
    }

    @Test func `a skipped event moves the source alone`() throws {
        var copy = StreamCopy(from: "r2", sourceVersion: 2, targetVersion: 7)
        try copy.skip(.sample(version: 3, from: "r1"))
        #expect(copy == StreamCopy(from: "r2", sourceVersion: 3, targetVersion: 7))
        #expect(try copy.copy(.sample(version: 4), by: .identity).map(\.version) == [8])
    }

    @Test func `a transform that fails names the event, and nothing moves`() throws {
        var copy = StreamCopy(from: "r1")
        let error = #expect(throws: TransformFailed.self) { try copy.copy(.sample(), by: Mapping { _ in throw Refused() }) }
        #expect(error?.position == "o-17@1")
        #expect(error?.eventId == "e-1")
        #expect(copy == StreamCopy(from: "r1"))
        #expect(try copy.copy(.sample(), by: .identity).map(\.version) == [1])
    }

    @Test func `the parts of a split follow each other, and the first keeps the id`() throws {
        var copy = StreamCopy(from: "r1")
        let parts = ["A", "B", "C"].map { ConvertedEvent(type: $0, schema: 1, data: "{}") }
        let copies = try copy.copy(.sample(origin: "r0"), by: Mapping { _ in .split(parts) })
        #expect(copies.map(\.type) == ["A", "B", "C"])
        #expect(copies.map(\.version) == [1, 2, 3])
        #expect(copies.map(\.eventId) == ["e-1", EventID.part(1, of: "e-1"), EventID.part(2, of: "e-1")])
        #expect(copies.allSatisfy { $0.origin == "r0" && $0.source == "o-17@1" && $0.from == "r1" && $0.epoch == 0 })
        #expect(try copy.copy(.sample(version: 2), by: .identity).map(\.version) == [4])
    }
}
