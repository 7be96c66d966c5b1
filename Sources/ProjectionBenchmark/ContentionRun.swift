import ArgumentParser
import EventSourcing
import EventStore
import Foundation
import StackRuntime

struct ContentionRun: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "contention", abstract: "A document that all streams touch: whole, and in parts, by several instances at once.")

    @Option(help: "Streams, of one event each.")
    var streams = 4_000

    @Option(help: "Instances of the projector.")
    var instances = 8

    func run() async throws {
        try await Bench.running { bench in
            try await bench.create(bench.events)
            let all = try await bench.fill(streams: streams, mean: 1).compactMap(\.first?.aggregateId)
            print("\(streams) streams of one event, \(instances) instances")
            print("| document | streams a batch | events/s | transactions | of which failed |")
            print("| --- | --- | --- | --- | --- |")
            for batch in [1, 10, 40] {
                for (what, projection) in [("whole", AnyProjection(OneTotal.self)), ("16 parts", AnyProjection(TotalInParts.self))] {
                    try await bench.create(bench.cursors, bench.model("total"))
                    bench.recorder.begin()
                    let time = try await seconds {
                        try await inParallel(all.chunks(of: batch), width: instances) { some in
                            let projector = Projector(
                                projection: projection, readModel: "total", dynamo: bench.dynamo, names: bench.names,
                                reader: StreamReader(dynamo: bench.dynamo, table: bench.names.events))
                            if let fault = try await projector.project(some).first { throw fault.value }
                        }
                    }
                    let tried = bench.recorder.count("TransactWriteItems")
                    let needed = (streams + batch - 1) / batch
                    print("| \(what) | \(batch) | \(rounded(Double(streams) / time)) | \(needed) | \(tried - needed) |")
                }
            }
        }
    }
}
