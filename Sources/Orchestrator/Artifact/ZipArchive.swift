/// Writes a ZIP archive (APPNOTE.TXT 6.3, without ZIP64). The same entries give the same bytes: every time stamp is
/// 1980-01-01, the first that the format has.
struct ZipArchive: Sendable {
    struct Entry: Sendable {
        /// A relative path with `/` between its parts.
        var name: String
        var bytes: [UInt8]
        /// Unix permission bits, e.g. `0o755`.
        var mode: UInt16

        init(name: String, bytes: [UInt8], mode: UInt16 = 0o644) {
            self.name = name
            self.bytes = bytes
            self.mode = mode
        }
    }

    /// The format's sizes and offsets have 32 bits; all ones means ZIP64.
    static let byteLimit = Int(UInt32.max) - 1
    static let entryLimit = Int(UInt16.max) - 1

    /// - Parameter level: deflate's, 0 to 9. An entry that deflate doesn't make smaller is stored as it is.
    /// - Throws: ``ZipError``
    static func write(_ entries: [Entry], level: Int) throws -> [UInt8] {
        guard entries.count <= entryLimit else { throw ZipError.tooManyEntries(entries.count) }
        var archive: [UInt8] = []
        var directory: [UInt8] = []
        var names: Set<[UInt8]> = []
        for entry in entries {
            try check(entry)
            guard names.insert(Array(entry.name.utf8)).inserted else { throw ZipError.repeatedName(entry.name) }
            let deflated = try Deflate.compress(entry.bytes, level: level)
            let stored = deflated.count >= entry.bytes.count
            let header = Header(
                name: Array(entry.name.utf8), method: stored ? 0 : 8, crc: Deflate.crc32(entry.bytes),
                compressed: stored ? entry.bytes.count : deflated.count, size: entry.bytes.count)
            guard archive.count <= byteLimit else { throw ZipError.tooLarge(what: "the archive", bytes: archive.count) }
            header.appendCentral(to: &directory, mode: entry.mode, offset: archive.count)
            header.appendLocal(to: &archive)
            archive += stored ? entry.bytes : deflated
        }
        let start = archive.count
        let total = start + directory.count
        guard total <= byteLimit else { throw ZipError.tooLarge(what: "the archive", bytes: total) }
        archive += directory
        archive.little(UInt32(0x0605_4B50))
        archive.little(UInt32(0))
        archive.little(UInt16(entries.count))
        archive.little(UInt16(entries.count))
        archive.little(UInt32(directory.count))
        archive.little(UInt32(start))
        archive.little(UInt16(0))
        return archive
    }

    private static func check(_ entry: Entry) throws {
        let parts = entry.name.split(separator: "/", omittingEmptySubsequences: false)
        guard entry.name.utf8.count <= UInt16.max, !parts.contains(where: { ["", ".", ".."].contains($0) }) else {
            throw ZipError.badName(entry.name)
        }
        guard entry.bytes.count <= byteLimit else {
            throw ZipError.tooLarge(what: "'\(entry.name)'", bytes: entry.bytes.count)
        }
    }
}

/// What the local and the central header of an entry have in common.
private struct Header {
    var name: [UInt8]
    /// 0 is stored, 8 is deflated.
    var method: UInt16
    var crc: UInt32
    var compressed: Int
    var size: Int

    func appendLocal(to bytes: inout [UInt8]) {
        bytes.little(UInt32(0x0403_4B50))
        appendShared(to: &bytes)
        bytes += name
    }

    func appendCentral(to bytes: inout [UInt8], mode: UInt16, offset: Int) {
        bytes.little(UInt32(0x0201_4B50))
        // Made by Unix (3) to version 2.0 of the format: readers then take the mode from the external attributes.
        bytes.little(UInt16(3 << 8 | 20))
        appendShared(to: &bytes)
        // Comment's length, disk, internal attributes.
        for _ in 0..<3 { bytes.little(UInt16(0)) }
        // The upper half is Unix' st_mode; 0o100000 is a regular file.
        bytes.little(UInt32(0o100000 | mode) << 16)
        bytes.little(UInt32(offset))
        bytes += name
    }

    private func appendShared(to bytes: inout [UInt8]) {
        bytes.little(UInt16(20))
        // Bit 11: the name is UTF-8.
        bytes.little(UInt16(name.allSatisfy { $0 < 0x80 } ? 0 : 1 << 11))
        bytes.little(method)
        bytes.little(UInt16(0))
        // 1980-01-01.
        bytes.little(UInt16(1 << 5 | 1))
        bytes.little(crc)
        bytes.little(UInt32(compressed))
        bytes.little(UInt32(size))
        bytes.little(UInt16(name.count))
        bytes.little(UInt16(0))
    }
}

extension [UInt8] {
    fileprivate mutating func little<T: FixedWidthInteger>(_ value: T) {
        Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
    }
}
