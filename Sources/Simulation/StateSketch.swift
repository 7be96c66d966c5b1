import AWS
import Foundation

/// Counts the distinct states of the store that were seen, by a HyperLogLog sketch (Flajolet et al., 2007): some 16 KB, an error of about 1 %.
///
/// Two states are the same where all items are equal but for times, random names and texts of errors.
final class StateSketch {
    private(set) var registers: [UInt8]
    /// The sum of the hashes of all items.
    private(set) var state: UInt64 = 0
    private static let bits = 14

    init() { registers = Array(repeating: 0, count: 1 << Self.bits) }

    init(registers: [UInt8]) { self.registers = registers }

    /// A new schedule begins.
    func begin(_ state: UInt64 = 0) { self.state = state }

    func changed(_ changes: [MemoryStore.Change]) {
        for change in changes {
            if let old = change.old { state &-= Self.hash(old, change.place) }
            if let new = change.new { state &+= Self.hash(new, change.place) }
        }
        let hash = SplitMix64.mix(state)
        let index = Int(hash >> (64 - Self.bits))
        let rank = UInt8(min(64 - Self.bits, (hash << Self.bits).leadingZeroBitCount) + 1)
        registers[index] = max(registers[index], rank)
    }

    var estimate: Int {
        let count = Double(registers.count)
        let sum = registers.reduce(0.0) { $0 + 1 / Double(UInt64(1) << UInt64($1)) }
        let raw = 0.7213 / (1 + 1.079 / count) * count * count / sum
        let empty = registers.reduce(0) { $0 + ($1 == 0 ? 1 : 0) }
        return Int(raw < 2.5 * count && empty > 0 ? count * log(count / Double(empty)) : raw)
    }

    /// Hashes of the names.
    private static let ignored = [
        "at", "claim", "expires", "deadline", "startedAt", "endedAt", "doneAt", "since", "id", "item", "current", "reason", "error", "meta",
        "receipt", "holder", "consumer", "handover", "eventId", "data", "stack", "shard", "aggregateId",
    ].map { StableHash.of($0) }

    /// Doesn't depend on the order of the attributes.
    private static func hash(_ item: Item, _ place: MemoryStore.Place) -> UInt64 {
        var sum = StableHash.of(place.table)
        sum = StableHash.of(place.hash, seed: sum)
        switch place.range {
        case .none: break
        case .number(let number): sum = SplitMix64.mix(sum &+ UInt64(bitPattern: Int64(number)))
        // Names behind a mark are random, or of events.
        case .text(let text): sum = StableHash.of(String(text.prefix { $0 != "#" }), seed: sum)
        }
        var total: UInt64 = 0
        for (name, value) in item {
            let hash = StableHash.of(name)
            let seed = SplitMix64.mix(sum &+ hash)
            if ignored.contains(hash) {
                total &+= seed
            } else {
                total &+= Self.hash(value, seed)
            }
        }
        return SplitMix64.mix(total)
    }

    private static func hash(_ value: AttributeValue, _ seed: UInt64) -> UInt64 {
        switch value {
        case .s(let text), .n(let text): StableHash.of(text, seed: seed)
        case .bool(let value): SplitMix64.mix(seed &+ (value ? 1 : 2))
        case .l(let values): values.reduce(seed) { hash($1, $0) }
        default: seed
        }
    }
}
