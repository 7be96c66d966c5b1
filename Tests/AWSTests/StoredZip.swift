/// A zip archive with one file, not compressed.
func storedZip(name: String, _ content: [UInt8]) -> [UInt8] {
    func little(_ value: UInt32, _ bytes: Int) -> [UInt8] { (0..<bytes).map { UInt8(value >> ($0 * 8) & 0xFF) } }
    let crc = crc32(content)
    let size = little(UInt32(content.count), 4)
    let common =
        little(20, 2) + little(0, 2) + little(0, 2) + little(0, 4) + little(crc, 4) + size + size
        + little(UInt32(name.utf8.count), 2) + little(0, 2)
    let local = little(0x0403_4B50, 4) + common + Array(name.utf8) + content
    let attributes = little(0o100644 << 16, 4)
    let central =
        little(0x0201_4B50, 4) + little(0x0314, 2) + common + little(0, 2) + little(0, 2) + little(0, 2) + attributes
        + little(0, 4) + Array(name.utf8)
    let end =
        little(0x0605_4B50, 4) + little(0, 4) + little(1, 2) + little(1, 2) + little(UInt32(central.count), 4)
        + little(UInt32(local.count), 4) + little(0, 2)
    return local + central + end
}

private func crc32(_ bytes: [UInt8]) -> UInt32 {
    var crc = ~UInt32(0)
    for byte in bytes {
        crc ^= UInt32(byte)
        for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
    }
    return ~crc
}
