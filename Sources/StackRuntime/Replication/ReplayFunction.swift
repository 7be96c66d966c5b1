import EventSourcing
import EventStore
#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The Lambda of a replay's passes: works on one segment for some seconds, from its last checkpoint.
struct ReplayFunction: InvocationHandler {
    private let transform: AnyTransform
    private let context: ReleaseContext
    private let source: String

    /// Other questions about the two stores: `{"compare": …}`, `{"explain": …}`, `{"repair": …}` and `{"survey": …}`.
    private struct Questions: Decodable {
        var compare: EventComparisonOrder.Question?
        var explain: [EventComparisonOrder.Pair]?
        var repair: StreamRepair.Order?
        var survey: SourceSurvey.Order?
    }

    /// How a distributed map of Step Functions that batches its items hands them over; one that doesn't sends each as it is.
    private struct Batch: Decodable {
        var Items: [ReplayOrder]?

        struct Answer: Encodable { var finished: Bool }
    }

    /// Of the function's time, in seconds: a page may take a while.
    private static let reserve = 8.0

    init(transform: AnyTransform, context: ReleaseContext) throws {
        self.transform = transform
        self.context = context
        source = try context.required("IMMUTABLE_COUNTERPART")
    }

    func handle(_ payload: [UInt8], _ invocation: Invocation) async throws -> [UInt8] {
        if let answer = try await answer(JSONDecoder().decode(Questions.self, from: Data(payload)), invocation) { return answer }
        if let orders = try JSONDecoder().decode(Batch.self, from: Data(payload)).Items {
            return Array(try StableJSON.encode(Batch.Answer(finished: try await run(orders, invocation))).utf8)
        }
        let order = try JSONDecoder().decode(ReplayOrder.self, from: Data(payload))
        let step = try await run(order, invocation)
        return Array(try StableJSON.encode(ReplayAnswer(step, of: order)).utf8)
    }

    /// One order after the other while there is time, the first one at any rate. Returns whether all of them are finished.
    private func run(_ orders: [ReplayOrder], _ invocation: Invocation) async throws -> Bool {
        var isFinished = true
        for (index, order) in orders.enumerated() {
            guard index == 0 || invocation.remaining(reserve: Self.reserve) > 0 else { return false }
            isFinished = try await run(order, invocation).checkpoint.finished && isFinished
        }
        return isFinished
    }

    private func answer(_ questions: Questions, _ invocation: Invocation) async throws -> [UInt8]? {
        func until(_ seconds: Double) -> ContinuousClock.Instant { Self.time(min(seconds, invocation.remaining(reserve: Self.reserve))) }
        let text: String
        let comparison = EventComparison(ledger: context.ledger, source: source, target: context.release, by: transform.forward)
        if let question = questions.compare {
            text = try StableJSON.encode(try await comparison.answer(question, until: until(question.seconds)))
        } else if let pairs = questions.explain {
            text = try StableJSON.encode(try await comparison.explain(pairs, until: until(.infinity)))
        } else if let order = questions.repair {
            let repair = StreamRepair(ledger: context.ledger, source: source, target: context.release, by: transform.forward)
            text = try StableJSON.encode(try await repair.answer(order, until: until(order.seconds)))
        } else if let order = questions.survey {
            let survey = SourceSurvey(ledger: context.ledger, source: source)
            text = try StableJSON.encode(try await survey.answer(order, until: until(order.seconds)))
        } else {
            return nil
        }
        return Array(text.utf8)
    }

    private func run(_ order: ReplayOrder, _ invocation: Invocation) async throws -> ReplayStep {
        // A page may take a while: stop well before the function is stopped, and give a page up while there is time to say so.
        let until = Self.time(min(order.seconds, invocation.remaining(reserve: Self.reserve)))
        let pace = ReplayPace(unitsPerSecond: order.unitsPerSecond, giveUp: Self.time(invocation.remaining(reserve: 3)))
        switch order.pass ?? .copy {
        case .copy:
            return try await SegmentReplay(
                ledger: context.ledger, source: source, target: context.release, segment: order.segment, total: order.total,
                transform: transform, quarantines: order.quarantine ?? false
            ).work(until: until, pace: pace)
        case .merge:
            return try await MergeReplay(
                ledger: context.ledger, source: source, target: context.release, segment: order.segment, total: order.total
            ).work(until: until, pace: pace)
        case .prove:
            let projectors = (context.variable("IMMUTABLE_PROJECTORS") ?? "").split(separator: ",").map(String.init)
            let calls = ProjectorCalls(context: context, projectors: projectors, invocation: invocation)
            return try await SegmentProof(
                ledger: context.ledger, source: source, target: context.release, segment: order.segment, total: order.total,
                project: projectors.isEmpty ? nil : calls.project
            ).work(until: until, giveUp: pace.giveUp)
        }
    }

    private static func time(_ seconds: Double) -> ContinuousClock.Instant { .now + .milliseconds(Int(max(0, seconds) * 1_000)) }
}
