import AWS
import Synchronization

/// Passes requests on, and refuses those that a table under load would: the local cloud takes everything.
package final class ThrottlingTransport: HTTPTransport {
    /// How a request is refused.
    package enum Refusal: Sendable {
        /// `ProvisionedThroughputExceededException`; nothing is carried out.
        case whole
        /// The first half of the items is written, the rest are `UnprocessedItems`.
        case half
    }

    package struct Seen: Sendable {
        /// Batch writes that were carried out, and those that were refused in whole or in part.
        package var written = 0
        package var refused = 0
        /// The most batch writes under way at once.
        package var width = 0
        fileprivate var underWay = 0
    }

    private let base: any HTTPTransport = AsyncHTTPTransport.shared
    private let state = Mutex(Seen())
    private let refuse: @Sendable (_ operation: String, _ underWay: Int, _ number: Int) -> Refusal?

    /// - Parameter refuse: whether and how a request is refused, by its operation, the batch writes that are under way with it, and its number
    ///   among all that were asked about.
    package init(_ refuse: @escaping @Sendable (_ operation: String, _ underWay: Int, _ number: Int) -> Refusal?) { self.refuse = refuse }

    private let asked = Mutex(0)

    package var seen: Seen { state.withLock { $0 } }

    package func send(_ request: HTTPRequest, timeout: Duration) async throws -> HTTPResponse {
        let operation = request.headers["x-amz-target"]?.split(separator: ".").last.map(String.init) ?? ""
        let isBatch = operation == "BatchWriteItem"
        let underWay = state.withLock { state in
            guard isBatch else { return 0 }
            state.underWay += 1
            state.width = max(state.width, state.underWay)
            return state.underWay
        }
        defer { if isBatch { state.withLock { $0.underWay -= 1 } } }
        let number = asked.withLock {
            $0 += 1
            return $0
        }
        switch refuse(operation, underWay, number) {
        case nil:
            if isBatch { state.withLock { $0.written += 1 } }
            return try await base.send(request, timeout: timeout)
        case .whole:
            state.withLock { $0.refused += 1 }
            let body: JSON = ["__type": "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException", "message": "too much"]
            return HTTPResponse(statusCode: 400, headers: [:], body: body.bytes)
        case .half:
            state.withLock { $0.refused += 1 }
            let asked = try JSON(parsing: request.body)["RequestItems"].object ?? [:]
            guard let (table, writes) = asked.first.map({ ($0.key, $0.value.array ?? []) }) else { throw Odd() }
            var part = request
            part.body = JSON.object(["RequestItems": .object([table: .array(Array(writes.prefix(writes.count / 2)))])]).bytes
            if writes.count > 1 { _ = try await base.send(part, timeout: timeout) }
            let left = Array(writes.dropFirst(writes.count / 2))
            return HTTPResponse(
                statusCode: 200, headers: [:], body: JSON.object(["UnprocessedItems": .object([table: .array(left)])]).bytes)
        }
    }

    private struct Odd: Error {}
}
