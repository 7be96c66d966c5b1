import AWS
import EventSourcing
import EventStore

/// `immutable audit`: holds every consumer's cursors against the store, hints at what is behind, and waits until it has been taken in.
public struct AuditCommand: Sendable {
    public let cloud: Cloud
    public let stack: String
    /// `false`: only looks.
    public let repairs: Bool
    private let sink: ProgressSink

    public init(cloud: Cloud, stack: String, repairs: Bool, sink: @escaping ProgressSink) {
        self.cloud = cloud
        self.stack = stack
        self.repairs = repairs
        self.sink = sink
    }

    /// What was committed a moment ago may be on the bus: it counts as behind only after this.
    private static let grace: Duration = .seconds(3)
    /// A claim of a reactor that died is free again after 30 s.
    private static let patience: Duration = .seconds(75)
    private static let pause: Duration = .milliseconds(250)

    public func run() async throws -> AuditReport {
        let view = try await StackView.load(cloud, stack)
        var report = AuditReport(stack: stack, hinted: repairs, consumers: [])
        for record in view.releases where record.isFilled {
            sink(.step("audit \(record.release)", why: "each consumer's cursors are held against the store's last versions"))
            let consumers = try await record.projectorConsumers(in: cloud) + Blueprint(record).reactorConsumers
            let part = try await audit(StreamAudit(cloud: cloud, names: record.names, consumers: consumers))
            sink(.done("\(part.reduce(0) { $0 + $1.behind }) behind, \(part.reduce(0) { $0 + $1.repaired }) repaired"))
            report.consumers += part
        }
        return report
    }

    private func audit(_ audit: StreamAudit) async throws -> [AuditReport.Consumer] {
        let found = try await audit.find()
        let behind = try await remaining(of: found.late, audit, within: Self.grace)
        let (open, reasons) = repairs ? try await repair(behind, audit) : (behind, [:])
        return audit.consumers.map { consumer in
            let still = open.filter { $0.consumer == consumer }
            let before = behind.count { $0.consumer == consumer }
            return AuditReport.Consumer(
                release: audit.names.release, consumer: consumer.name, streams: found.streams[consumer, default: 0], behind: before,
                repaired: before - still.count,
                stillBehind: still.map {
                    AuditReport.Stream(aggregateId: $0.aggregateId, cursor: $0.cursor, version: $0.version, reason: reasons[$0.id])
                }.sorted { $0.aggregateId < $1.aggregateId })
        }
    }

    /// What is behind still once `limit` is over, or nothing is.
    private func remaining(of late: [StreamAudit.Late], _ audit: StreamAudit, within limit: Duration) async throws -> [StreamAudit.Late] {
        let end = ContinuousClock.now + limit
        var open = late
        while !open.isEmpty {
            open = try await audit.stillLate(open)
            if open.isEmpty || ContinuousClock.now >= end { break }
            try await Task.sleep(for: Self.pause)
        }
        return open
    }

    /// Hints until all is taken in, or what is left can't be. Returns that, with the reasons.
    private func repair(_ late: [StreamAudit.Late], _ audit: StreamAudit) async throws -> ([StreamAudit.Late], [String: String]) {
        let end = ContinuousClock.now + Self.patience
        let call = FunctionCall(cloud: cloud)
        var open = late
        var reasons: [String: String] = [:]
        // A fault is one of the stream's content: trying again doesn't mend it.
        var stopped = Set<String>()
        while true {
            for (consumer, streams) in Dictionary(grouping: open.filter { !stopped.contains($0.id) }, by: \.consumer) {
                for chunk in streams.chunks(of: FunctionCall.streamsPerHint) {
                    do {
                        for fault in try await call.hint(consumer, chunk.map(\.aggregateId)) {
                            stopped.insert(consumer.cursorKey(fault.aggregateId))
                            reasons[consumer.cursorKey(fault.aggregateId)] = fault.error
                        }
                    } catch let error as FunctionFailed {
                        for late in chunk { reasons[late.id] = error.reason }
                    }
                }
            }
            open = try await audit.stillLate(open)
            sink(.count("streams repaired", done: late.count - open.count, total: late.count))
            if open.allSatisfy({ stopped.contains($0.id) }) || ContinuousClock.now >= end { return (open, reasons) }
            try await Task.sleep(for: Self.pause)
        }
    }
}

extension StreamAudit.Late {
    fileprivate var id: String { consumer.cursorKey(aggregateId) }
}

extension ReleaseRecord {
    /// Whether its store holds all that it should: a candidate that is being filled is behind by nature.
    var isFilled: Bool { state.hasResources && !state.isBeingRemoved && (replayed != nil || state != .candidate) }
}
