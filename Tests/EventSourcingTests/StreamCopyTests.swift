import EventSourcing
import Testing

private struct Refused: Error {}

@Suite struct StreamCopyTests {
    @Test func `a kept event keeps its bytes, id, time and origin`() throws {
        var copy = StreamCopy(from: "r1")
        let event = StoredEvent.sample(data: #"{"b":1, "a":2}"#)
        var expected = event
        (expected.epoch, expected.from, expected.source) = (0, "r1", "o-17@1")
        #expect(try copy.copy(event) { _ in .keep } == expected)
    }

    @Test func `a replaced event changes type, schema and data alone`() throws {
        var copy = StreamCopy(from: "r1")
        let event = StoredEvent.sample()
        var expected = event
        (expected.type, expected.schema, expected.data) = ("Noted2", 2, "[]")
        (expected.epoch, expected.from, expected.source) = (0, "r1", "o-17@1")
        #expect(try copy.copy(event) { _ in .replace(ConvertedEvent(type: "Noted2", schema: 2, data: "[]")) } == expected)
    }

    @Test func `a dropped event leaves no gap in the target`() throws {
        var copy = StreamCopy(from: "r1")
        let versions = try (1...5).map { version in
            try copy.copy(.sample(version: version)) { $0.version % 2 == 0 ? .drop : .keep }
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
            try copy.copy(.sample(version: version)) { _ in .keep }
        }
        #expect(throws: StreamGap(aggregateId: "o-17", expected: 3, found: version)) { try copy.skip(.sample(version: version)) }
        #expect(copy == before)
    }

    @Test func `a skipped event moves the source alone`() throws {
        var copy = StreamCopy(from: "r2", sourceVersion: 2, targetVersion: 7)
        try copy.skip(.sample(version: 3, from: "r1"))
        #expect(copy == StreamCopy(from: "r2", sourceVersion: 3, targetVersion: 7))
        #expect(try copy.copy(.sample(version: 4)) { _ in .keep }?.version == 8)
    }

    @Test func `a transform that fails names the event, and nothing moves`() throws {
        var copy = StreamCopy(from: "r1")
        let error = #expect(throws: TransformFailed.self) { try copy.copy(.sample()) { _ in throw Refused() } }
        #expect(error?.position == "o-17@1")
        #expect(error?.eventId == "e-1")
        #expect(copy == StreamCopy(from: "r1"))
        #expect(try copy.copy(.sample()) { _ in .keep }?.version == 1)
    }
}
