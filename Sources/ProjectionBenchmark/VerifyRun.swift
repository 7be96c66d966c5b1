import AWS
import ArgumentParser
import EventSourcing
import EventStore
import Foundation
import Orchestrator

struct VerifyRun: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Compares two tables of equal documents, and scans both without comparing.")

    @Option(help: "Documents of each side, of about 500 bytes.")
    var documents = 100_000

    @Option(help: "How often each is measured; the best counts.")
    var rounds = 2

    func run() async throws {
        try await Bench.running { bench in
            let live = bench.model("live")
            let candidate = bench.model("candidate")
            try await bench.create(live, candidate)
            for table in [live.name, candidate.name] {
                try await inParallel((0..<documents).map { $0 }.chunks(of: 1_000)) { some in
                    try await bench.dynamo.batchPut(table, some.map(Self.document))
                }
            }
            let comparison = TableComparison(dynamo: bench.dynamo, live: live.name, candidate: candidate.name)
            let segments = try await comparison.segments()
            var bare = Double.infinity
            var compared = Double.infinity
            for _ in 0..<rounds {
                bare = min(bare, try await seconds { try await scan(bench, [live.name, candidate.name], segments: segments) })
                compared = min(
                    compared,
                    try await seconds {
                        let found = try await comparison.run()
                        guard found.documents == documents, found.suspects.isEmpty else { throw Unequal() }
                    })
            }
            let all = Double(2 * documents)
            print("\(documents) documents on each side, \(segments) segments, 4 pairs at a time")
            print("bare parallel scan of both tables: \(rounded(all / bare)) documents/s, \(rounded(bare * 1_000)) ms")
            print(
                "comparison: \(rounded(all / compared)) documents/s, \(rounded(compared * 1_000)) ms: \(rounded(100 * bare / compared)) %")
            print("peak memory \(peakMemory / 1_000_000) MB")
        }
    }

    private struct Unequal: Error {}

    private static func document(_ number: Int) -> Item {
        [
            "id": .s("document-\(number)"), "orderId": .s("document-\(number)"), "status": .s("placed"),
            "total": .s("\(number % 1_000).50"),
            "customer": .m(["email": .s("c\(number)@bench.example"), "name": .s("Ada Lovelace")]),
            "lines": .l((0..<3).map { .m(["sku": .s("SKU-\($0)"), "quantity": .int($0 + 1), "unitPrice": .s("9.50")]) }),
            "version": .int(3), "updatedAt": .s("2026-01-01T00:00:00.000000Z"), "_revision": .int(3), "_event": .s("document-\(number)@3"),
        ]
    }

    /// Reads and decodes, nothing else: four segments of each table at a time, as the comparison does.
    private func scan(_ bench: Bench, _ tables: [String], segments: Int) async throws {
        try await inParallel(Array(0..<segments)) { segment in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for table in tables {
                    group.addTask {
                        var request = DynamoDB.ScanRequest(table: table, segment: segment, totalSegments: segments)
                        repeat { request.startKey = try await bench.dynamo.scan(request).lastKey } while request.startKey != nil
                    }
                }
                try await group.waitForAll()
            }
        }
    }
}
