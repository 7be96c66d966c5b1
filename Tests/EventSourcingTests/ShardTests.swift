import EventSourcing
import Testing

@Suite struct ShardTests {
    // Expected values by hashlib.sha256(id).digest()[:8], big-endian, modulo the count.
    @Test(arguments: [
        ("o-17", 44, 812), ("", 20, 652), ("case-10011", 45, 765), ("\u{E9}", 19, 51), ("e\u{301}", 50, 506), ("🧾", 37, 637),
    ])
    func `an aggregate's shard is its hash's first eight bytes modulo the count`(id: String, of64: Int, of1000: Int) {
        #expect(ShardMap(count: 64).shard(of: id) == of64)
        #expect(ShardMap(count: 1000).shard(of: id) == of1000)
        #expect(ShardMap(count: 1).shard(of: id) == 0)
    }

    @Test(arguments: [0, -1, Int.min])
    func `a count below one counts as one`(count: Int) {
        #expect(ShardMap(count: count).shard(of: "o-17") == 0)
        #expect(ShardMap(count: count).all == 0..<1)
    }

    @Test(arguments: [(0, "0000"), (17, "0017"), (999, "0999")])
    func `a shard's key has four digits`(shard: Int, key: String) {
        #expect(ShardMap.key(shard) == key)
    }
}
