/// A hash that is the same in every process: eight bytes at a time, multiplied and folded, then mixed.
enum StableHash {
    static func of(_ text: String, seed: UInt64 = 0xCBF2_9CE4_8422_2325) -> UInt64 {
        var text = text
        return text.withUTF8 { bytes in
            var hash = seed ^ UInt64(bytes.count)
            var place = 0
            while place + 8 <= bytes.count {
                hash = fold(hash, UnsafeRawBufferPointer(bytes).loadUnaligned(fromByteOffset: place, as: UInt64.self))
                place += 8
            }
            var rest: UInt64 = 0
            while place < bytes.count {
                rest = rest << 8 | UInt64(bytes[place])
                place += 1
            }
            return SplitMix64.mix(fold(hash, rest))
        }
    }

    private static func fold(_ hash: UInt64, _ word: UInt64) -> UInt64 {
        let product = (hash ^ word) &* 0x9E37_79B9_7F4A_7C15
        return product ^ (product >> 32)
    }
}
