import Foundation

/// The bytes of a file, a block at a time. A UTF-8 byte order mark at the beginning is passed over.
struct HistoryBytes {
    private static let blockSize = 256 * 1024

    let path: String
    private let handle: FileHandle
    private var block: [UInt8] = []
    private var next = 0
    private(set) var count = 0

    init(path: String) throws(HistoryError) {
        self.path = path
        do {
            handle = try FileHandle(forReadingFrom: URL(filePath: path))
        } catch {
            throw HistoryError.unreadable(path: path, reason: error.localizedDescription)
        }
        try readBlock()
        if block.starts(with: [0xEF, 0xBB, 0xBF]) { next = 3 }
        if block.starts(with: [0xFF, 0xFE]) || block.starts(with: [0xFE, 0xFF]) {
            throw HistoryError.notUTF8(path: path, what: "the text")
        }
    }

    /// Nil at the end of the file.
    mutating func byte() throws(HistoryError) -> UInt8? {
        if next == block.count { try readBlock() }
        guard next < block.count else { return nil }
        defer { next += 1 }
        return block[next]
    }

    /// The next byte, which stays the next.
    mutating func peek() throws(HistoryError) -> UInt8? {
        if next == block.count { try readBlock() }
        return next < block.count ? block[next] : nil
    }

    /// Appends what comes before the next of `stops` (which stays the next byte), as long as `bytes` has fewer than
    /// `limit`; what is more than that is passed over.
    mutating func append(until stops: (UInt8) -> Bool, to bytes: inout [UInt8], limit: Int) throws(HistoryError) {
        while true {
            let end = block[next...].firstIndex(where: stops) ?? block.count
            bytes += block[next..<min(end, next + max(0, limit - bytes.count))]
            next = end
            if next < block.count { return }
            try readBlock()
            if block.isEmpty { return }
        }
    }

    private mutating func readBlock() throws(HistoryError) {
        do {
            block = Array(try handle.read(upToCount: Self.blockSize) ?? Data())
        } catch {
            throw HistoryError.unreadable(path: path, reason: error.localizedDescription)
        }
        next = 0
        count += block.count
    }
}
