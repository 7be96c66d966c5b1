import Crypto
import Foundation

/// Random numbers that a seed repeats (SplitMix64).
struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// True once in `count` times.
    mutating func once(in count: Int) -> Bool { Int.random(in: 0..<count, using: &self) == 0 }
}

/// How aggregates hash onto shards, and which of them are watched.
struct ShardChoice: Sendable {
    let shards: Int
    let watched: [Int]

    init(_ options: TrafficOptions) {
        shards = options.shards
        let step = options.shards / options.watchedShards
        let offset = Int(options.seed % UInt64(step))
        watched = (0..<options.watchedShards).map { $0 * step + offset }
    }

    /// The first 8 bytes, big-endian, of SHA-256 of the id, modulo the number of shards.
    func shard(of id: String) -> Int {
        let first = SHA256.hash(data: Data(id.utf8)).prefix(8)
        return Int(first.reduce(UInt64(0)) { $0 << 8 | UInt64($1) } % UInt64(shards))
    }
}

/// Makes new orders.
struct OrderMaker: Sendable {
    var random: SeededGenerator
    private let choice: ShardChoice
    private let client: Int
    private let mailDomain: String
    private var made = 0
    private var customer = 0

    private static let names = [
        "Ada Lovelace", "Grace Hopper", "Ludwig van Beethoven", "Cher", "Zoë Müller", "Jean-Luc O'Neill", "李 小龍", "Mary Ann Evans",
    ]
    private static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz")

    init(_ options: TrafficOptions, client: Int) {
        choice = ShardChoice(options)
        self.client = client
        mailDomain = options.mailDomain
        random = SeededGenerator(seed: options.seed &* 1_000_003 &+ UInt64(client))
    }

    /// - Parameter shard: the shard that it must fall on; nil: a watched one three times of four.
    mutating func order(on shard: Int? = nil) -> OrderLife {
        made += 1
        if made % 8 == 0 { newCustomer() }
        let mayBeAnywhere = shard == nil && random.once(in: 4)
        var id = newID()
        while !mayBeAnywhere, !(shard.map { $0 == choice.shard(of: id) } ?? choice.watched.contains(choice.shard(of: id))) { id = newID() }
        let lines = (0..<Int.random(in: 1...3, using: &random)).map { _ in
            (
                sku: "sku-\(Int.random(in: 1...40, using: &random))", quantity: Int.random(in: 1...5, using: &random),
                cents: Int.random(in: 5...19_999, using: &random)
            )
        }
        return OrderLife(
            id: id, shard: choice.shard(of: id), name: Self.names[Int.random(in: 0..<Self.names.count, using: &random)],
            email: "customer-\(client)-\(customer)@\(mailDomain)", lines: lines)
    }

    /// Orders from now on are another customer's.
    mutating func newCustomer() { customer += 1 }

    mutating func newKey() -> String { "k\(client)-" + letters(16) }

    private mutating func newID() -> String { "o\(client)-" + letters(10) }

    private mutating func letters(_ count: Int) -> String {
        String((0..<count).map { _ in Self.alphabet[Int.random(in: 0..<Self.alphabet.count, using: &random)] })
    }
}
