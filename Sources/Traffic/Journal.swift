import Foundation
import Synchronization

/// Every request with what came of it, as a JSON object a line. Each line is in the file before the next request of its client.
final class Journal: Sendable {
    struct Entry: Encodable {
        var client: Int
        var seq: Int
        var method: String
        var path: String
        var kind: RequestKind
        var orderId: String?
        var idempotencyKey: String?
        /// 0 where there was no answer.
        var status: Int
        var body: String?
        var request: String?
        /// Seconds since 1970.
        var sentAt: Double
        var answeredAt: Double
        var release: String?
        var ok: Bool
        /// How often it was sent.
        var tries = 1
        /// What was wrong.
        var reason: String?
    }

    private let file: Mutex<FileHandle>

    /// - Throws: where the file can't be made.
    init(path: String) throws {
        let url = URL(filePath: path)
        try Data().write(to: url)
        file = Mutex(try FileHandle(forWritingTo: url))
    }

    func write(_ entry: Entry) throws {
        var line = try JSONEncoder().encode(entry)
        line.append(UInt8(ascii: "\n"))
        try file.withLock { try $0.write(contentsOf: line) }
    }

    func close() throws { try file.withLock { try $0.close() } }
}
