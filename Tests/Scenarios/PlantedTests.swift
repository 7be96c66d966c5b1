import AWS
import EventSourcing
import Foundation
import Testing

extension EndToEnd {
    /// Documents and events that are planted to differ, among many that don't, while clients write. A minute.
    ///
    /// `IMMUTABLE_PLANTED=100000 swift test --filter PlantedTests` is the same at full size: half an hour or more, most of it the local
    /// cloud's. `IMMUTABLE_PARITY_PAGE=<file>` keeps the HTML report.
    @Suite struct PlantedTests {
        private struct Report: Decodable {
            struct Difference: Decodable {
                var document: String
                var field: String
                var live: String?
                var candidate: String?
            }
            struct Position: Decodable {
                var revision: Int
                var event: String?
            }
            struct Evidence: Decodable {
                var document: String
                var live: Position?
                var candidate: Position?
                var events: [String]
            }
            struct ReadModel: Decodable {
                var name: String
                var documents: Int
                var differing: Int
                var differences: [Difference]
                var evidence: [Evidence]
            }
            struct Events: Decodable {
                struct Stream: Decodable {
                    var aggregateId: String
                    var version: Int
                    var field: String
                }
                struct Shard: Decodable { var shard: Int }
                var verdict: String
                var events: Int
                var differing: [Stream]
                var shards: [Shard]
            }
            var coverage: Double
            var readModels: [ReadModel]
            var events: Events?
        }

        private static func verify(_ cloud: Cloud, _ options: String..., ending status: Int32) async throws -> Report {
            let arguments = ["verify", "orders", "--format", "json"] + options
            let end = try await cloud.start(arguments).end(within: .seconds(1_200))
            try #require(end.status == status, "\(end)")
            return try JSONDecoder().decode(Report.self, from: Data(end.output.utf8))
        }

        @Test func `what was planted to differ is found under traffic, all of it and nothing else`() async throws {
            let environment = ProcessInfo.processInfo.environment
            let count = max(20, environment["IMMUTABLE_PLANTED"].flatMap(Int.init) ?? 300)
            try await Cloud.running { cloud in
                let log = [
                    "--history", try Self.log(of: count, in: cloud.scratch), "--aggregate", "order", "--type", "type", "--time", "time",
                ]
                try await Self.deploy(cloud, "orders", log)
                var orders = OrdersTraffic(cloud)
                let (traffic, _) = try orders.start(clients: 2, seed: 3, think: .milliseconds(150))
                try await Self.deploy(cloud, "orders-v2", [])
                let faithful = try await Self.verify(cloud, "--events", ending: 0)
                #expect(faithful.events?.verdict == "matched" && faithful.coverage == 1)
                #expect((faithful.events?.events ?? 0) >= count)

                let planted = try await Self.plantDocuments(cloud, among: count)
                let clock = ContinuousClock.now
                let report = try await Self.verify(cloud, ending: 3)
                print("planted: \(count) documents compared in \(ContinuousClock.now - clock)")
                let model = try #require(report.readModels.first { $0.name == "order-summary" })
                #expect(report.coverage == 1 && model.documents > count && model.differing == planted.count)
                #expect(Dictionary(model.differences.map { ($0.document, $0.field) }) { "\($0), \($1)" } == planted)
                let changed = try #require(planted.first { $0.value == "total" }?.key)
                let evidence = try #require(model.evidence.first { $0.document == changed })
                #expect(evidence.events == ["\(changed)@1 OrderSubmitted"])
                #expect(evidence.live?.event == "\(changed)@1" && evidence.candidate?.revision == 1)

                let page = environment["IMMUTABLE_PARITY_PAGE"] ?? Products.path(cloud.scratch.appending(path: "parity.html"))
                let html = try await cloud.start(["verify", "orders", "--format", "html", "--output", page]).end(within: .seconds(1_200))
                #expect(html.status == 3 && html.output.isEmpty, "\(html)")
                let text = try String(contentsOfFile: page, encoding: .utf8)
                for document in planted.keys { #expect(text.contains("<bdi>\(document)</bdi>")) }

                let streams = try await Self.plantEvents(cloud)
                let events = try #require(try await Self.verify(cloud, "--events", ending: 3).events)
                #expect(events.verdict == "mismatched")
                #expect(Dictionary(events.differing.map { ($0.aggregateId, "\($0.version) \($0.field)") }) { $1 } == streams)
                #expect(Set(events.shards.map(\.shard)) == Set(streams.keys.map { ShardMap(count: 64).shard(of: $0) }))
                let figures = await traffic.stop()
                #expect(figures.counts.failed == 0, "\(figures.failures)")
            }
        }

        private static func deploy(_ cloud: Cloud, _ stack: String, _ options: [String]) async throws {
            let end = try await cloud.start(Cloud.deployment(of: stack) + options).end(within: .seconds(3_600))
            try #require(end.status == 0, "\(end)")
        }

        private static func id(_ number: Int) -> String { "planted-\(number)" }

        /// A log with one order a line.
        private static func log(of count: Int, in scratch: URL) throws -> String {
            let lines = (0..<count).map { number in
                #"{"order":"\#(id(number))","type":"OrderPlaced","time":"2026-03-02T12:00:00Z","customer":{"email":"c\#(number)@planted.example","name":"Ada Lovelace"},"lines":[{"quantity":2,"sku":"SKU-\#(number % 97)","unitPrice":"9.50"}],"total":"19"}"#
            }
            let file = scratch.appending(path: "orders.jsonl")
            try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: file)
            return Products.path(file)
        }

        /// Four documents are changed, three removed, three added. Returns the fields that differ, by document.
        private static func plantDocuments(_ cloud: Cloud, among count: Int) async throws -> [String: String] {
            let (dynamo, table) = (try cloud.dynamo, "orders-r2-order-summary")
            var planted: [String: String] = [:]
            for (index, value) in ["19.01", "-19", "0", "١٩"].enumerated() {
                let document = id(index * count / 20)
                try await dynamo.write(.update(table, ["id": .s(document)], "SET #total = :new", values: [":new": .s(value)]))
                planted[document] = "total"
            }
            for index in 5..<8 {
                let document = id(index * count / 20)
                try await dynamo.write(.delete(table, ["id": .s(document)]))
                planted[document] = "(document)"
            }
            for document in ["added-1", "added-2", "added-3"] {
                try await dynamo.write(.put(table, ["id": .s(document), "orderId": .s(document), "_revision": .int(1)]))
                planted[document] = "(document)"
            }
            return planted
        }

        /// One event is changed, one removed, one added. Returns where each stream first differs.
        private static func plantEvents(_ cloud: Cloud) async throws -> [String: String] {
            let (dynamo, table) = (try cloud.dynamo, "orders-r2-events")
            func key(_ stream: String) -> Item { ["aggregateId": .s(stream), "version": .int(1)] }
            try await dynamo.write(.update(table, key(id(1)), "SET #data = :new", values: [":new": .s("{}")]))
            try await dynamo.write(.delete(table, key(id(2))))
            try await dynamo.write(.put(table, Cloud.event("from-nowhere", 1, "OrderCancelled", #"{"reason":"none"}"#).item))
            return [id(1): "1 data", id(2): "1 (event)", "from-nowhere": "1 (event)"]
        }
    }
}
