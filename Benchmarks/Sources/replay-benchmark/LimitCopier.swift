import Foundation
import Synchronization

/// The store's own limit: a replay's scans and batch writes, encoded before and sent again as they were, by some connections that do nothing else.
enum LimitCopier {
    /// - Parameters:
    ///   - share: of the requests, the first ones.
    ///   - connections: requests under way at once.
    static func run(port: UInt16, recording: String, recorded: String, table: String, events: Int, share: Double, connections: Int) throws
        -> SelfReport
    {
        let all = try Recording.requests(path: recording, replacing: recorded, by: table)
        let requests = all.prefix(Int(Double(all.count) * share)).map { ($0.operation, encoded($0, port: port)) }
        let next = Atomic(0)
        let failure = Mutex<(any Error)?>(nil)
        let counter = Counter()
        DispatchQueue.concurrentPerform(iterations: connections) { _ in
            do {
                var connection = try RawConnection(port: port)
                while failure.withLock({ $0 == nil }) {
                    let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
                    guard index < requests.count else { return }
                    let (operation, bytes) = requests[index]
                    let answer = try connection.exchange(bytes)
                    if operation == "BatchWriteItem", !answer.filter({ $0 != " " }).hasPrefix(#"{"UnprocessedItems":{}"#) {
                        throw Refusal("the store didn't take a whole batch: \(answer)")
                    }
                    counter.count(operation)
                }
            } catch {
                failure.withLock { $0 = $0 ?? error }
            }
        }
        if let error = failure.withLock({ $0 }) { throw error }
        return counter.report(events: Int(Double(events) * share))
    }

    private static func encoded(_ request: Recording.Request, port: UInt16) -> [UInt8] {
        let head = """
            POST / HTTP/1.1\r
            host: 127.0.0.1:\(port)\r
            content-type: application/x-amz-json-1.0\r
            x-amz-target: DynamoDB_20120810.\(request.operation)\r
            x-amz-date: 20260101T000000Z\r
            authorization: AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0\r
            content-length: \(request.body.count)\r
            \r

            """
        return Array(head.utf8) + request.body
    }
}
