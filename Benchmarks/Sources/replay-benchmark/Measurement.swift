import Foundation
import Synchronization

/// What one copier says of itself when it is done: the last line of its output.
struct SelfReport: Codable, Sendable {
    var events: Int
    /// From its first request to its last answer.
    var seconds: Double
    /// By operation.
    var requests: [String: Int]
    /// Events written by then, some times a second: `[seconds, events]`.
    var timeline: [[Double]]
    /// The largest resident set of the process.
    var peakKilobytes: Int
}

/// One measured copy.
struct Measurement: Codable, Sendable {
    var report: SelfReport
    /// User and system time of the process, its start and end included.
    var cpuSeconds: Double

    var eventsPerSecond: Double { Double(report.events) / report.seconds }
    var cpuSecondsPerMillionEvents: Double { cpuSeconds / Double(report.events) * 1_000_000 }
    var peakMegabytes: Double { Double(report.peakKilobytes) / 1_024 }
    var requests: Int { report.requests.values.reduce(0, +) }
}

/// Counts a copier's requests and when its writes were confirmed.
final class Counter: Sendable {
    private struct State {
        var requests: [String: Int] = [:]
        var writes = 0
        var samples: [(ContinuousClock.Instant, Int)] = []
    }

    private let state = Mutex(State())
    private let begun = ContinuousClock.now
    private static let interval = Duration.milliseconds(250)

    func count(_ operation: String) {
        state.withLock { state in
            state.requests[operation, default: 0] += 1
            guard operation == "BatchWriteItem" else { return }
            state.writes += 1
            let now = ContinuousClock.now
            if now - (state.samples.last?.0 ?? begun) >= Self.interval { state.samples.append((now, state.writes)) }
        }
    }

    /// All batches are taken for equally full.
    func report(events: Int) -> SelfReport {
        let seconds = Self.seconds(ContinuousClock.now - begun)
        return state.withLock { state in
            let perWrite = state.writes == 0 ? 0 : Double(events) / Double(state.writes)
            let samples = state.samples.map { [Self.seconds($0.0 - begun), (Double($0.1) * perWrite).rounded()] }
            return SelfReport(
                events: events, seconds: seconds, requests: state.requests, timeline: samples + [[seconds, Double(events)]],
                peakKilobytes: Self.peakKilobytes())
        }
    }

    static func seconds(_ duration: Duration) -> Double {
        Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
    }

    /// The kernel's own high-water mark. What `getrusage` says of a child that was spawned may be its parent's.
    private static func peakKilobytes() -> Int {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return line?.split(whereSeparator: { !$0.isNumber }).first.flatMap { Int($0) } ?? 0
    }
}
