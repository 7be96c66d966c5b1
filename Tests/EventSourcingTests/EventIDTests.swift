import EventSourcing
import Testing

@Suite struct EventIDTests {
    // Expected values by hashlib.sha256(b"command\0k-1\0o-17\x000\0").digest()[:16] with the version and variant bits of RFC 9562.
    @Test func `ids derive from the command, the stream and the index`() {
        #expect(EventID.of(command: "k-1", aggregateId: "o-17", index: 0) == "eaf44ecb-828e-8e49-9059-3cffbc025cef")
        #expect(EventID.of(command: "k-1", aggregateId: "o-17", index: 1) == "fcd35ed5-8c6a-85f8-aee1-10a5f7d19c97")
        #expect(EventID.of(command: "k-1", aggregateId: "o-18", index: 0) == "1a58ffe8-3369-849d-8a5a-d0db5b19b1db")
    }

    @Test func `the first part of a split keeps its source's id`() {
        #expect(EventID.part(0, of: "e-1") == "e-1")
        #expect(EventID.part(1, of: "e-1") == "7403a4d1-2b96-8fa8-b10a-2cf407ed6ea4")
    }

    @Test func `a line of a file has its id`() {
        #expect(EventID.imported(fileDigest: "ab12", line: 1) == "1239423c-e427-8fc0-bc23-108bb57df297")
        #expect(EventID.imported(fileDigest: "ab1", line: 21) != EventID.imported(fileDigest: "ab12", line: 1))
    }
}
