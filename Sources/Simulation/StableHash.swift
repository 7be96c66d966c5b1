/// A hash that is the same in every process: FNV-1a, then mixed.
enum StableHash {
    static func of(_ text: String, seed: UInt64 = 0xCBF2_9CE4_8422_2325) -> UInt64 {
        var text = text
        let hash = text.withUTF8 { $0.reduce(seed) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 } }
        return SplitMix64.mix(hash)
    }
}
