import AWS
import EventSourcing

/// Counts the items of a live events table that are no events: what a person has to know when one of them has stopped a replay.
public struct SourceSurvey: Sendable {
    private let ledger: Ledger
    private let source: String

    public init(ledger: Ledger, source: String) {
        self.ledger = ledger
        self.source = source
    }

    /// What a worker is asked.
    public struct Order: Sendable, Hashable, Codable {
        public var segment: Int
        public var total: Int
        /// The stream and version, as DynamoDB writes it, at which the last answer stopped.
        public var resume: [String]?
        public var seconds: Double

        public init(segment: Int, total: Int, resume: [String]? = nil, seconds: Double) {
            (self.segment, self.total, self.resume, self.seconds) = (segment, total, resume, seconds)
        }
    }

    public struct Answer: Sendable, Hashable, Codable {
        public var count = 0
        /// The first of them.
        public var items: [OddItem] = []
        /// Absent at the end.
        public var resume: [String]?
    }

    public func answer(_ order: Order, until deadline: ContinuousClock.Instant) async throws -> Answer {
        var answer = Answer()
        var request = DynamoDB.ScanRequest(
            table: ledger.names.release(source).events, segment: order.segment, totalSegments: order.total,
            startKey: order.resume.flatMap { $0.count == 2 ? ["aggregateId": .s($0[0]), "version": .n($0[1])] : nil })
        repeat {
            let page = try await ledger.dynamo.scanEncoded(request)
            for item in page.items {
                guard case .odd(_, let odd) = try WireItem(item) else { continue }
                answer.count += 1
                if answer.items.count < OddSource.shown { answer.items.append(odd) }
            }
            request.startKey = page.lastKey
            if let last = page.lastKey, ContinuousClock.now >= deadline {
                answer.resume = [last["aggregateId"]?.string ?? "", last["version"]?.number ?? "0"]
                return answer
            }
        } while request.startKey != nil
        return answer
    }
}
