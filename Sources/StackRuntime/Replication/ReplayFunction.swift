import EventSourcing
import EventStore
#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The Lambda of a replay's passes that write: works on one segment for some seconds, from its last checkpoint.
struct ReplayFunction: InvocationHandler {
    private let transform: AnyTransform
    private let context: ReleaseContext
    private let source: String

    /// `{"compare": …}`: event parity, which needs the same transform.
    private struct Comparison: Decodable { var compare: EventComparisonOrder.Question? }

    private struct Order: Decodable {
        enum Pass: String, Decodable {
            case copy, merge
        }

        /// `copy` where it isn't said.
        var pass: Pass?
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
            let comparison = try EventComparison(
                ledger: context.ledger, source: source, target: context.release, by: transform.forward)
            let seconds = max(0, min(question.seconds, invocation.remaining(reserve: 8)))
            let answer = try await comparison.answer(question, until: .now + .milliseconds(Int(seconds * 1_000)))
            return Array(try StableJSON.encode(answer).utf8)
        }
        let order = try JSONDecoder().decode(Order.self, from: Data(payload))
        // A page may take a while: stop well before the function is stopped.
        let seconds = max(0, min(order.seconds, invocation.remaining(reserve: 8)))
        let checkpoint = try await run(order, until: ContinuousClock.now + .milliseconds(Int(seconds * 1_000)))
        let answer: Value = [
            "finished": .bool(checkpoint.finished),
            "events": .number(Decimal(order.pass == .merge ? checkpoint.staged.events : checkpoint.events)),
            "pages": .number(Decimal(checkpoint.pages)),
        ]
        return Array(try StableJSON.encode(answer).utf8)
    }

    private func run(_ order: Order, until: ContinuousClock.Instant) async throws -> ReplayCheckpoint {
        switch order.pass ?? .copy {
        case .copy:
            try await SegmentReplay(
                ledger: context.ledger, source: source, target: context.release, segment: order.segment, total: order.total,
                transform: transform
            ).run(until: until)
        case .merge:
            try await MergeReplay(
                ledger: context.ledger, source: source, target: context.release, segment: order.segment, total: order.total
            ).run(until: until)
        }
    }
}
