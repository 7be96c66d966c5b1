import Crypto
import EventSourcing
import Foundation
import Testing

@testable import Orchestrator

struct HistoryFileTests {
    @Test(arguments: [
        ("log.csv", "case,what,when\n", HistoryFile.Format.csv), ("LOG.CSV", "case,what,when\n", .csv),
        ("log.jsonl", "{\"case\":\"o\",\"what\":\"A\",\"when\":\"2024-05-01\"}", .jsonLines),
        ("log.ndjson", "{\"case\":\"o\",\"what\":\"A\",\"when\":\"2024-05-01\"}", .jsonLines),
        ("log", "\u{FEFF} \n\t{\"case\":\"o\",\"what\":\"A\",\"when\":\"2024-05-01\"}", .jsonLines), ("log.txt", "case,what,when\n", .csv),
    ])
    func `the format is known by the name, else by the first character`(name: String, text: String, format: HistoryFile.Format) throws {
        let more = format == .csv ? "o,A,2024-05-01" : ""
        #expect(try HistoryFixture(text + more, name: name).file().format == format)
    }

    @Test func `a header without a named column is an error that lists the columns`() throws {
        let fixture = try HistoryFixture("case,what,at, x\no,A,2024-05-01,\n")
        let error = try fixture.failure()
        #expect(error == .missingFields(path: fixture.path, missing: ["when"], found: ["case", "what", "at", " x"]))
        #expect("\(error)".contains("has no field 'when'; it has 'case', 'what', 'at', ' x'"))
    }

    @Test func `a field that no object among the first lines has is an error that lists the fields`() throws {
        let fixture = try HistoryFixture("[]\n{\"what\":\"A\",\"b\":1}\n{\"a\":1,\"when\":\"2024-05-01\"}", name: "log.jsonl")
        #expect(try fixture.failure() == .missingFields(path: fixture.path, missing: ["case"], found: ["a", "b", "what", "when"]))
    }

    @Test func `two columns of one name are an error`() throws {
        let fixture = try HistoryFixture("case,what,when,x,x\no,A,2024-05-01,1,2\n")
        #expect(try fixture.failure() == .badHeader(path: fixture.path, reason: "two columns are named 'x'"))
    }

    @Test func `a header that isn't one is an error`() throws {
        let open = try HistoryFixture("case,\"what,when\no,A,2024-05-01\n")
        #expect(
            try open.failure()
                == .badHeader(path: open.path, reason: "a quote that opens on line 1 is never closed; the lines up to 3 are inside of it"))
        let latin = try HistoryFixture(bytes: Array("case,what,when,".utf8) + [0xE9, 0x0A] + Array("o,A,2024-05-01,1\n".utf8))
        #expect(try latin.failure() == .notUTF8(path: latin.path, what: "the header"))
        let wide = try HistoryFixture(bytes: [0xFF, 0xFE, 0x63, 0x00])
        #expect(try wide.failure() == .notUTF8(path: wide.path, what: "the text"))
    }

    @Test func `one field is not two things`() throws {
        let fixture = try HistoryFixture("case,what,when\no,A,2024-05-01\n")
        let fields = HistoryFields(aggregate: "case", type: "case", time: "when")
        #expect(try fixture.failure(fields) == .fieldUsedTwice("case"))
    }

    @Test(arguments: ["log.csv", "log.jsonl", "log"], ["", "\u{FEFF}", "\n \n"])
    func `a file without records is an error`(name: String, text: String) throws {
        let fixture = try HistoryFixture(text, name: name)
        let error = try fixture.failure()
        guard case .missingFields = error else {
            #expect(error == .empty(path: fixture.path))
            return
        }
        // White space is a header of one odd column.
        #expect(name == "log.csv" && text == "\n \n")
    }

    @Test func `a header alone is an error`() throws {
        let fixture = try HistoryFixture("case,what,when\n\n")
        #expect(try fixture.failure() == .empty(path: fixture.path))
    }

    @Test func `a missing file and a folder are errors`() throws {
        let folder = try TemporaryFolder()
        let missing = folder.path + "/none.csv"
        #expect(throws: HistoryError.unreadable(path: missing, reason: "there is no such file")) {
            try HistoryFile(path: missing, fields: HistoryFixture.fields)
        }
        #expect(throws: HistoryError.self) { try HistoryFile(path: folder.path, fields: HistoryFixture.fields) }
    }

    @Test func `a file that grows while it is read is an error`() async throws {
        let fixture = try HistoryFixture("case,what,when\no,A,2024-05-01\n")
        let file = try fixture.file()
        var reader = try file.reader()
        _ = try reader.next()
        let handle = try FileHandle(forWritingTo: URL(filePath: fixture.path))
        try handle.seekToEnd()
        try handle.write(contentsOf: Data("o,B,2024-05-01\n".utf8))
        #expect(throws: HistoryError.changed(path: fixture.path)) { while try reader.next() != nil {} }
        await #expect(throws: HistoryError.changed(path: fixture.path)) { try await file.digest() }
    }

    @Test func `the digest is the file's SHA-256`() async throws {
        let text = "case,what,when\n" + String(repeating: "o,A,2024-05-01\n", count: 200_000)
        let fixture = try HistoryFixture(text)
        #expect(try await fixture.file().digest() == SHA256.hash(data: Data(text.utf8)).hexadecimal)
    }
}

struct HistoryNumberingTests {
    private func event(_ line: Int, _ id: String, _ at: String = "2024-05-01T00:00:00.000000Z") -> HistoryEvent {
        HistoryEvent(line: line, aggregateId: id, type: "A", at: at, data: "{}")
    }

    @Test func `the file's order is each stream's order`() {
        var numbering = HistoryNumbering(fileDigest: "abcdef0123456789")
        let events = [event(2, "a"), event(3, "b"), event(5, "a"), event(9, "a"), event(11, "b")].map { numbering.number($0) }
        #expect(events.map(\.position) == ["a@1", "b@1", "a@2", "a@3", "b@2"])
        #expect(Set(events.map(\.eventId)).count == 5)
        #expect(events[2].eventId == EventID.imported(fileDigest: "abcdef0123456789", line: 5))
        #expect(events[2].meta == #"{"command":"import:abcdef012345:5"}"#)
        #expect(events[2].origin == "import" && events[2].epoch == 0 && events[2].from == nil && events[2].source == nil)
        #expect(numbering.events == 5 && numbering.streams == 2 && numbering.backwards == 0)
    }

    @Test func `a time that runs backwards in its stream is kept and counted`() {
        var numbering = HistoryNumbering(fileDigest: "d")
        let times = [("a", 3), ("a", 1), ("b", 2), ("a", 2), ("a", 2), ("b", 1)]
        let events = times.enumerated().map {
            numbering.number(event($0.offset, $0.element.0, "2024-05-01T00:00:00.00000\($0.element.1)Z"))
        }
        #expect(events.map(\.version) == [1, 2, 1, 3, 4, 2])
        #expect(numbering.backwards == 2)
    }

    @Test func `ids that only Unicode takes for equal are two streams`() {
        var numbering = HistoryNumbering(fileDigest: "d")
        let versions = [numbering.number(event(1, "caf\u{E9}")), numbering.number(event(2, "cafe\u{301}"))].map(\.version)
        #expect(versions == [1, 1])
        #expect(numbering.streams == 2)
    }
}
