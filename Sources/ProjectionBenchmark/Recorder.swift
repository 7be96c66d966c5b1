import AWS
import Foundation
import Synchronization

/// Counts the requests of each operation, and keeps those of one operation, so that they can be sent once more.
final class Recorder: HTTPTransport {
    private struct State {
        var counts: [String: Int] = [:]
        var kept: [HTTPRequest] = []
        var keeps: String?
    }

    private let base: any HTTPTransport
    private let state = Mutex(State())

    init(base: any HTTPTransport) { self.base = base }

    func send(_ request: HTTPRequest, timeout: Duration) async throws -> HTTPResponse {
        let operation = request.headers["x-amz-target"].flatMap { $0.split(separator: ".").last }.map(String.init) ?? "?"
        state.withLock { state in
            state.counts[operation, default: 0] += 1
            if state.keeps == operation { state.kept.append(request) }
        }
        return try await base.send(request, timeout: timeout)
    }

    /// Forgets what was counted, and keeps the requests of `operation` from now on.
    func begin(keeping operation: String? = nil) { state.withLock { $0 = State(keeps: operation) } }

    /// `BatchGetItem ×650, Query ×13000`
    var counts: String {
        state.withLock { state in state.counts.sorted { $0.key < $1.key }.map { "\($0.key) ×\($0.value)" }.joined(separator: ", ") }
    }

    func count(_ operation: String) -> Int { state.withLock { $0.counts[operation] ?? 0 } }

    var kept: [HTTPRequest] { state.withLock { $0.kept } }

    /// Sends requests as they are, but for their tokens: a token that was seen makes a transaction a repetition.
    func sendAgain(_ requests: [HTTPRequest]) async throws {
        let base = base
        let again = requests.map { request in
            var request = request
            request.body = Self.withNewToken(request.body)
            return request
        }
        try await inParallel(again) { request in
            let answer = try await base.send(request, timeout: .seconds(60))
            if answer.statusCode != 200 {
                throw Refused(status: answer.statusCode, body: String(decoding: answer.body.prefix(300), as: UTF8.self))
            }
        }
    }

    struct Refused: Error {
        var status: Int
        var body: String
    }

    private static func withNewToken(_ body: [UInt8]) -> [UInt8] {
        let name = Array(#""ClientRequestToken":""#.utf8)
        guard body.count > name.count,
            let start = (0...(body.count - name.count)).first(where: { body[$0..<$0 + name.count].elementsEqual(name) })
        else { return body }
        var body = body
        let first = start + name.count
        body.replaceSubrange(first..<first + 36, with: Array(UUID().uuidString.utf8))
        return body
    }
}
