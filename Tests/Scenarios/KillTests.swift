import Foundation
import Testing

extension EndToEnd {
    /// `kill -9` of `cutover` under traffic. Nothing else shows that a handover without its orchestrator ends by itself, and that the command
    /// goes on from any moment.
    ///
    /// Four kills of one cutover, a minute. `IMMUTABLE_KILLS=50` makes it fifty, of which ten are followed by a cutover that is let through;
    /// ten minutes and more.
    @Suite struct KillTests {
        /// The handover's own time limit, and a second for whoever ends it.
        static let writesGoOnWithin = 11.0
        static let clients = 6
        /// A cloud grows slow with what it holds, so a long run takes a new one after this many candidates.
        static let candidatesPerCloud = 6

        @Test func `a cutover that is killed again and again ends, and nothing is lost`() async throws {
            let kills = ProcessInfo.processInfo.environment["IMMUTABLE_KILLS"].flatMap(Int.init) ?? 4
            var report = KillReport()
            var plan = KillPlan(kills: kills)
            while plan.hasMore {
                try await Cloud.running { cloud in
                    try await cloud.deploy("orders")
                    var orders = OrdersTraffic(cloud)
                    for number in 2..<(2 + Self.candidatesPerCloud) {
                        guard let aims = plan.next() else { return }
                        try await Self.cycle(cloud, &orders, release: number, aims, &report)
                    }
                }
            }
            print(report)
            #expect(report.outcomes.count == kills)
            if kills >= 50 {
                // Only here: a machine that does much else at the same time may be late, and a write that waits for more than 25 s fails anyway.
                #expect(report.longestWrite <= Self.writesGoOnWithin, "a write waited longer than \(Self.writesGoOnWithin) s")
                for phase in Kill.Phase.allCases.dropLast() { #expect(report.count(phase) >= 3, "\(phase.rawValue)") }
            }
        }

        /// A new candidate whose cutover is killed once for each aim, each time by the same command again, and then let through.
        private static func cycle(
            _ cloud: Cloud, _ orders: inout OrdersTraffic, release: Int, _ aims: [Kill.Phase], _ report: inout KillReport
        ) async throws {
            try await cloud.immutable(
                [
                    "deploy", release == 2 ? Products.stack("orders-v2") : try cloud.settledOrders(), "--products",
                    Products.path(Products.directory),
                ])
            var random = Seeded(UInt64(release * 1_000 + report.outcomes.count))
            let (traffic, journal) = try orders.start(clients: clients, seed: random.next() >> 32, think: .milliseconds(20))
            try await journal.waitForWrites(after: Date(), clients: clients)
            for (index, aim) in aims.enumerated() {
                var kill = try await Kill.strike(cloud, at: aim, &random)
                // Every third time the command is run again at once, while the seals are still there.
                if report.kills.count % 3 != 2 {
                    try await journal.waitForWrites(after: kill.at.addingTimeInterval(0.1), clients: clients)
                    kill.longestWrite = try journal.longestWrite(after: kill.at)
                }
                report.kills.append(kill)
                if index < aims.count - 1 { report.outcomes.append("killed again") }
            }
            report.outcomes.append(try await finish(cloud))
            try await journal.waitForWrites(after: Date(), clients: clients)
            let summary = await traffic.stop()
            #expect(summary.counts.failed == 0, "\(summary.failures)")
            report.longestWrite = max(report.longestWrite, try journal.longestWrite(after: .distantPast))
            report.acknowledged += summary.counts.acknowledged
            try await orders.audit("r\(release)")
            print("\(report.kills.count) kills: \(report.kills.suffix(aims.count).map(\.description).joined(separator: "; "))")
            try await cloud.immutable("retire", "orders", "--yes")
        }

        /// The same command again: it completes, or reports the abort and completes when it is run once more.
        private static func finish(_ cloud: Cloud) async throws -> String {
            let end = try await cloud.start(["cutover", "orders", "--yes"]).end()
            if end.status == 0, end.output.hasPrefix("already done") { return "was complete" }
            if end.status == 0 { return end.errors.contains("going on with") ? "went on and completed" : "completed" }
            try #require(end.status == 7, "\(end)")
            try await cloud.immutable("cutover", "orders", "--yes")
            return "aborted, then completed"
        }
    }
}

/// Where kills are aimed at, candidate by candidate: in turn at all four phases of one cutover, and at one phase of the next.
struct KillPlan {
    private var left: Int
    private var candidates = 0

    init(kills: Int) { left = kills }

    var hasMore: Bool { left > 0 }

    mutating func next() -> [Kill.Phase]? {
        guard left > 0 else { return nil }
        let phases: [Kill.Phase] = [.beforeSeal, .sealing, .promoting, .flipping]
        let aims = candidates.isMultiple(of: 2) ? Array(phases.prefix(left)) : [phases[candidates / 2 % phases.count]]
        candidates += 1
        left -= aims.count
        return aims
    }
}

/// What kills came to.
struct KillReport: CustomStringConvertible {
    var kills: [Kill] = []
    var outcomes: [String] = []
    /// In seconds, over all writes of all clients.
    var longestWrite = 0.0
    var acknowledged = 0

    func count(_ phase: Kill.Phase) -> Int { kills.filter { $0.struck == phase }.count }

    var description: String {
        var lines = [
            "\(kills.count) kills of cutover under traffic; \(acknowledged) writes acknowledged, the longest took \(Self.seconds(longestWrite))"
        ]
        for phase in Kill.Phase.allCases {
            let longest = kills.filter { $0.struck == phase }.compactMap(\.longestWrite).max()
            let told = longest.map { ", writes went on after at most \(Self.seconds($0)) without anyone's help" } ?? ""
            lines.append("  \(phase.rawValue): \(count(phase))\(told)")
        }
        for (outcome, count) in Dictionary(grouping: outcomes, by: { $0 }).mapValues(\.count).sorted(by: { $0.key < $1.key }) {
            lines.append("  the same command again: \(outcome), \(count)")
        }
        return lines.joined(separator: "\n")
    }

    static func seconds(_ value: Double) -> String { "\((value * 100).rounded() / 100) s" }
}
