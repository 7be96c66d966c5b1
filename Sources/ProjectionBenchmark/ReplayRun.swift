import ArgumentParser
import EventSourcing
import EventStore
import Foundation
import StackRuntime

struct ReplayRun: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay", abstract: "Projects whole streams, as the second pass of a replay hands them on, and by hints alone.")

    @Option(help: "Streams.")
    var streams = 13_000

    @Option(help: "Events of a stream, in the mean.")
    var mean = 20

    func run() async throws {
        try await Bench.running { bench in
            try await bench.create(bench.events, bench.cursors, bench.model("totals"))
            let all = try await bench.fill(streams: streams, mean: mean)
            let events = all.reduce(0) { $0 + $1.count }
            let projector = Projector(
                projection: AnyProjection(StreamTotals.self), readModel: "totals", dynamo: bench.dynamo, names: bench.names,
                reader: StreamReader(dynamo: bench.dynamo, table: bench.names.events))
            print("\(events) events in \(streams) streams, mean \(mean)")

            bench.recorder.begin(keeping: "TransactWriteItems")
            let atHand = try await seconds {
                try await inParallel(all.chunks(of: 50)) { some in
                    let events = Dictionary(
                        uniqueKeysWithValues: some.compactMap { stream in stream.first.map { ($0.aggregateId, stream) } })
                    let faults = try await projector.project(events.keys.sorted(), atHand: events)
                    if let fault = faults.first { throw fault.value }
                }
            }
            tell("with the events at hand", events, atHand, bench)
            let transactions = bench.recorder.kept

            try await bench.create(bench.cursors, bench.model("totals"))
            let limit = try await seconds { try await bench.recorder.sendAgain(transactions) }
            print(
                "the same \(transactions.count) transactions alone: \(rounded(Double(events) / limit)) events/s, \(rounded(limit * 1_000)) ms"
            )

            let lasts = all.compactMap(\.last)
            for (what, tellsVersions) in [("by hints, each stream queried", false), ("by hints of the bus", true)] {
                try await bench.create(bench.cursors, bench.model("totals"))
                bench.recorder.begin()
                let hinted = try await seconds {
                    try await inParallel(lasts.chunks(of: 50)) { some in
                        let versions = tellsVersions ? some.map { ($0.aggregateId, $0.version) } : []
                        let hints = Hints(some.map(\.aggregateId), versions: Dictionary(uniqueKeysWithValues: versions))
                        if let fault = try await projector.project(hints).first { throw fault.value }
                    }
                }
                tell(what, events, hinted, bench)
            }
            print("peak memory \(peakMemory / 1_000_000) MB, the streams themselves included")
        }
    }

    private func tell(_ what: String, _ events: Int, _ time: Double, _ bench: Bench) {
        print("\(what): \(rounded(Double(events) / time)) events/s, \(rounded(time * 1_000)) ms; \(bench.recorder.counts)")
    }
}
