import EventSourcing
import EventStore
import Foundation

/// The Lambda of a replay's first pass: copies one segment for some seconds, from its last checkpoint.
struct ReplayFunction: InvocationHandler {
    private let transform: AnyTransform
    private let context: ReleaseContext
    private let source: String

    /// `{"compare": …}`: event parity, which needs the same transform.
    private struct Comparison: Decodable { var compare: EventComparisonOrder.Question? }

    private struct Order: Decodable {
        var segment: Int
        var total: Int
        /// How long to work before answering, in seconds.
        var seconds: Double
    }

    init(transform: AnyTransform, context: ReleaseContext) throws {
        self.transform = transform
        self.context = context
        source = try context.required("IMMUTABLE_COUNTERPART")
    }

    func handle(_ payload: [UInt8], _ invocation: Invocation) async throws -> [UInt8] {
        if let question = try JSONDecoder().decode(Comparison.self, from: Data(payload)).compare {
            let comparison = EventComparison(
                ledger: context.ledger, source: source, target: context.release, convert: transform.forward)
            let seconds = max(0, min(question.seconds, invocation.remaining(reserve: 8)))
            let answer = try await comparison.answer(question, until: .now + .milliseconds(Int(seconds * 1_000)))
            return Array(try StableJSON.encode(answer).utf8)
        }
        let order = try JSONDecoder().decode(Order.self, from: Data(payload))
        let replay = SegmentReplay(
            ledger: context.ledger, source: source, target: context.release, segment: order.segment, total: order.total,
            transform: transform)
        // A page may take a while: stop well before the function is stopped.
        let seconds = max(0, min(order.seconds, invocation.remaining(reserve: 8)))
        let checkpoint = try await replay.run(until: ContinuousClock.now + .milliseconds(Int(seconds * 1_000)))
        let answer: Value = [
            "finished": .bool(checkpoint.finished), "events": .number(Decimal(checkpoint.events)),
            "pages": .number(Decimal(checkpoint.pages)),
        ]
        return Array(try StableJSON.encode(answer).utf8)
    }
}
