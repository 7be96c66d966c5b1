import Crypto
import Foundation
import Testing

@testable import Orchestrator

struct ZipArchiveTests {
    @Test func `an archive of one small file has exactly these bytes`() throws {
        let zip = try ZipArchive.write([.init(name: "bootstrap", bytes: Array("hi\n".utf8), mode: 0o755)], level: 1)
        let local = "504b0304 1400 0000 0000 0000 2100 7a7a6fed 03000000 03000000 0900 0000 626f6f747374726170 68690a"
        let central =
            "504b0102 1403 1400 0000 0000 0000 2100 7a7a6fed 03000000 03000000 0900 0000 0000 0000 0000 0000ed81 00000000"
            + "626f6f747374726170"
        let end = "504b0506 0000 0000 0100 0100 37000000 2a000000 0000"
        #expect(hex(zip) == (local + central + end).filter { $0 != " " })
    }

    @Test func `the same entries give the same archive`() throws {
        let entries = [
            ZipArchive.Entry(name: "bootstrap", bytes: Array(repeating: 7, count: 100_000), mode: 0o755),
            ZipArchive.Entry(name: "données/é.txt", bytes: Array("x".utf8)),
        ]
        #expect(try ZipArchive.write(entries, level: 6) == ZipArchive.write(entries, level: 6))
        let stored = try ZipArchive.write(entries, level: 0)
        #expect(SHA256.hash(data: stored).hexadecimal == "4d74b6a58ee31d5c50876567ced70cc41bb3835f67e2904f52134064567b66a9")
    }

    @Test func `an empty archive is its end record`() throws {
        #expect(hex(try ZipArchive.write([], level: 6)) == "504b0506" + String(repeating: "0", count: 36))
    }

    @Test(.enabled(if: SearchPath.standard.find("python3") != nil, "python3 reads the archive"))
    func `another program finds names, modes and contents`() async throws {
        let folder = try TemporaryFolder()
        let bytes = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 / 7) }
        let file = try folder.write(
            "a.zip",
            try ZipArchive.write(
                [
                    .init(name: "bootstrap", bytes: bytes, mode: 0o755), .init(name: "empty", bytes: []),
                    .init(name: "sub/é.txt", bytes: Array("text".utf8), mode: 0o600),
                ], level: 9))
        let program = """
            import sys, zipfile, hashlib
            z = zipfile.ZipFile(sys.argv[1])
            assert z.testzip() is None
            for i in z.infolist():
                print(i.filename.encode(), oct(i.external_attr >> 16), i.compress_type, i.date_time[:3], hashlib.sha256(z.read(i)).hexdigest()[:8])
            """
        let python = try #require(SearchPath.standard.find("python3"))
        let result = try await ChildProgram(
            path: python, arguments: ["-c", program, file], environment: ProcessInfo.processInfo.environment
        ).run(limit: .seconds(60))
        let whole = SHA256.hash(data: bytes).hexadecimal.prefix(8)
        #expect(
            result.tail(10) == """
                b'bootstrap' 0o100755 8 (1980, 1, 1) \(whole)
                b'empty' 0o100644 0 (1980, 1, 1) e3b0c442
                b'sub/\\xc3\\xa9.txt' 0o100600 0 (1980, 1, 1) 982d9e3e
                """)
    }

    @Test(arguments: ["", "/bootstrap", "a//b", "a/", "../a", "a/./b"])
    func `a name that can't be in an archive is refused`(name: String) {
        #expect(throws: ZipError.badName(name)) { try ZipArchive.write([.init(name: name, bytes: [])], level: 6) }
    }

    @Test func `a name that is too long is refused`() {
        let name = String(repeating: "n", count: 65_536)
        #expect(throws: ZipError.self) { try ZipArchive.write([.init(name: name, bytes: [])], level: 6) }
    }

    @Test func `a name is used once`() {
        #expect(throws: ZipError.repeatedName("a")) {
            try ZipArchive.write([.init(name: "a", bytes: []), .init(name: "a", bytes: [1])], level: 6)
        }
    }

    @Test func `more entries than the format counts are refused`() {
        let entries = (0...ZipArchive.entryLimit).map { ZipArchive.Entry(name: "\($0)", bytes: []) }
        #expect(throws: ZipError.tooManyEntries(65_535)) { try ZipArchive.write(entries, level: 6) }
    }

    @Test(arguments: [-2, 10, Int.max]) func `a level that zlib doesn't have is an error`(level: Int) {
        #expect(throws: ZipError.self) { try ZipArchive.write([.init(name: "a", bytes: [1])], level: level) }
    }

    private func hex(_ bytes: [UInt8]) -> String { bytes.map { String(format: "%02x", $0) }.joined() }
}

extension SearchPath {
    static var standard: SearchPath { SearchPath(environment: ProcessInfo.processInfo.environment) }
}
