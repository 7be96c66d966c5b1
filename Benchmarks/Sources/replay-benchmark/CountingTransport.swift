import AWS
import Foundation
import Synchronization

/// A transport whose requests are counted and, where asked, their bodies kept.
struct CountingTransport: HTTPTransport {
    let base: any HTTPTransport
    let counter: Counter
    let recording: Recording?

    func send(_ request: HTTPRequest, timeout: Duration) async throws -> HTTPResponse {
        let operation = request.headers.fields.first { $0.name == "x-amz-target" }?.value.split(separator: ".").last.map(String.init) ?? "?"
        try recording?.keep(operation, request.body)
        let answer = try await base.send(request, timeout: timeout)
        counter.count(operation)
        return answer
    }
}

/// The scans and batch writes of one replay, in a file, in the order in which they were sent: `operation, length, body` each.
final class Recording: Sendable {
    private let file: Mutex<FileHandle>

    static let operations = ["Scan", "BatchWriteItem"]

    init(path: String) throws {
        guard FileManager.default.createFile(atPath: path, contents: nil), let file = FileHandle(forWritingAtPath: path) else {
            throw Refusal("can't write \(path)")
        }
        self.file = Mutex(file)
    }

    func keep(_ operation: String, _ body: [UInt8]) throws {
        guard let index = Self.operations.firstIndex(of: operation) else { return }
        var record = Data([UInt8(index)])
        withUnsafeBytes(of: UInt32(body.count).littleEndian) { record.append(contentsOf: $0) }
        record.append(contentsOf: body)
        try file.withLock { try $0.write(contentsOf: record) }
    }

    func close() throws { try file.withLock { try $0.close() } }

    struct Request {
        var operation: String
        var body: Data
    }

    /// - Parameter table: what `recorded`, of the same length, becomes in them.
    static func requests(path: String, replacing recorded: String, by table: String) throws -> [Request] {
        precondition(recorded.utf8.count == table.utf8.count)
        let data = try Data(contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe)
        var requests: [Request] = []
        var offset = 0
        while offset + 5 <= data.count {
            let length = data.subdata(in: offset + 1..<offset + 5).reversed().reduce(0) { $0 << 8 | Int($1) }
            var body = data.subdata(in: offset + 5..<offset + 5 + length)
            // The name stands once, near the beginning of a batch write.
            if let range = body.range(of: Data("\"\(recorded)\"".utf8), in: 0..<min(200, body.count)) {
                body.replaceSubrange(range, with: Data("\"\(table)\"".utf8))
            }
            requests.append(Request(operation: operations[Int(data[offset])], body: body))
            offset += 5 + length
        }
        return requests
    }
}
