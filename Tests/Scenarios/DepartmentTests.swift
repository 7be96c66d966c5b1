import AWS
import EventSourcing
import Foundation
import Testing

extension EndToEnd {
    /// A log whose cases are split by department while they are replayed: streams part, activities are renamed and merged, attributes move. The
    /// totals are proven, every event comes back, the read model is what the manifest declares, and what is committed there goes back too.
    @Suite struct DepartmentTests {
        @Test(.enabled(if: Products.receiptLog == nil, "the receipt log is split instead"))
        func `a log is split by department and back`() async throws {
            try await Cloud.running { cloud in try await Self.run(cloud, try Self.generated(in: cloud.scratch)) }
        }

        /// Most of a minute: the only data here that nobody of ours made.
        @Test(.enabled(if: Products.receiptLog != nil, "the receipt log lies beside the project"))
        func `the real log is split by department and back`() async throws {
            try await Cloud.running { cloud in
                let figures = try await Self.run(cloud, Log(path: try #require(Products.receiptLog)))
                #expect(figures.events == 8_577 && figures.cases.count == 1_434)
            }
        }

        private struct Deployed: Decodable {
            struct Replay: Decodable {
                var events: Int
                var seconds: Double
                var shards: Int
                var reversible: Int
                var irreversible: [String: Int]
                var hasWayBack: Bool
            }
            struct Parity: Decodable {
                struct ReadModel: Decodable { var documents: Int }
                var verdict: String
                var coverage: Double
                var readModels: [ReadModel]
            }
            var replay: Replay?
            var parity: Parity?
        }

        /// What the activities should be called, written down once more.
        private static func renamed(_ activity: String) -> String {
            if activity.hasPrefix("T07-") { return "T07 Draft internal advice" }
            switch activity {
            case "Confirmation of receipt": return "T01 Confirmation of receipt"
            case "T18 Adjust report Y to stop indicition": return "T18 Adjust report Y to stop indication"
            default: return activity
            }
        }

        @discardableResult
        private static func run(_ cloud: Cloud, _ log: Log) async throws -> Log.Figures {
            let figures = try await log.figures(cloud)
            try await cloud.deploy("permits", log.options)
            let before = try await events(cloud, "r1")
            // Thousands of streams are claimed one by one, which a busy machine's cloud takes its time for.
            let end = try await cloud.immutable(Cloud.deployment(of: "permits-v2") + ["--format", "json"], within: .seconds(600))
            let deployed = try JSONDecoder().decode(Deployed.self, from: Data(end.output.utf8))
            let replay = try #require(deployed.replay)
            #expect(replay.events == figures.events && replay.shards == 64)
            #expect(replay.hasWayBack && replay.reversible == figures.events && replay.irreversible.isEmpty)
            let parity = try #require(deployed.parity)
            #expect(parity.verdict == "matched" && parity.coverage == 1 && parity.readModels.map(\.documents) == [figures.cases.count])
            try await expectFiles(cloud, before)
            try await expectDocuments(cloud, figures)
            try await expectEventParity(cloud)

            try await cloud.immutable("cutover", "permits", "--yes")
            let id = try #require(figures.cases.keys.min())
            let body = #"{"activity":"Confirmation of receipt","org:group":"Group 99","case:deadline":"2030-01-01"}"#
            let answer = try await cloud.send("POST", "/cases/\(id)/activities", to: Cloud.permitsDomain, body)
            #expect(answer.statusCode == 201 && answer.headers["x-immutable-release"] == "r2", "\(answer.text)")
            #expect(answer.text.contains(#""caseId":"\#(id)""#), "\(answer.text)")
            try await cloud.immutable("rollback", "permits", "--yes")
            let after = try await events(cloud, "r1")
            #expect(after.count == before.count + 1)
            let added = after.first { $0.from == "r2" }
            #expect(added?.aggregateId == id && added?.type == "Confirmation of receipt")
            #expect(added?.data == #"{"case:deadline":"2030-01-01","org:group":"Group 99"}"#)
            print("departments: \(figures.events) events split and proven in \(replay.seconds) s")
            return figures
        }

        private static func events(_ cloud: Cloud, _ release: String) async throws -> [StoredEvent] {
            try await cloud.items("permits-\(release)-events").map(StoredEvent.init(item:))
        }

        /// Each event is in the file of its department, once and in its order.
        private static func expectFiles(_ cloud: Cloud, _ before: [StoredEvent]) async throws {
            let after = try await events(cloud, "r2")
            let bySource = Dictionary(after.map { ($0.source ?? "", $0) }) { first, _ in first }
            #expect(after.count == before.count && bySource.count == before.count)
            var wrong = 0
            for event in before {
                let department = try Value.parse(event.data)["org:group"]?.string ?? ""
                let copy = bySource[event.position]
                let isRight =
                    copy?.aggregateId == "\(event.aggregateId)/\(department)" && copy?.type == renamed(event.type)
                    && copy?.eventId == event.eventId && copy?.at == event.at
                if !isRight { wrong += 1 }
            }
            #expect(wrong == 0)
            for (file, events) in Dictionary(grouping: after, by: \.aggregateId) {
                let inOrder = events.sorted { $0.version < $1.version }
                #expect(inOrder.map(\.version) == Array(1...events.count), "\(file)")
                let sources = inOrder.compactMap { $0.source.flatMap { EventReference(position: $0, eventId: "", type: "")?.version } }
                #expect(sources == sources.sorted(), "\(file)")
            }
        }

        /// Events are compared across streams: all of them are equal, and one that is taken away is found by what it was made of.
        private static func expectEventParity(_ cloud: Cloud) async throws {
            let equal = try await cloud.immutable(["verify", "permits", "--events"], within: .seconds(600))
            #expect(equal.output.contains("all as the transform makes them"), "\(equal)")
            let dynamo = try cloud.dynamo
            let lost = try #require(try await events(cloud, "r2").max { ($0.source ?? "") < ($1.source ?? "") })
            let key: Item = ["aggregateId": .s(lost.aggregateId), "version": .int(lost.version)]
            try await dynamo.write(.delete("permits-r2-events", key))
            let differs = try await cloud.immutable(["verify", "permits", "--events"], ending: 3, within: .seconds(600))
            #expect(differs.output.contains("\(lost.aggregateId)@\(lost.version) (of \(lost.source ?? ""))  (event): "), "\(differs)")
            #expect(differs.output.contains("1 stream of 1 of 64 shards differ"), "\(differs)")
            try await dynamo.write(.put("permits-r2-events", lost.item))
            try await cloud.immutable("verify", "permits")
        }

        private static func expectDocuments(_ cloud: Cloud, _ figures: Log.Figures) async throws {
            let items = try await cloud.items("permits-r2-cases")
            let documents = Dictionary(items.map { ($0["id"]?.string ?? "", Log.Figures.Case($0)) }) { first, _ in first }
            #expect(documents.count == figures.cases.count)
            let wrong = figures.cases.filter { id, figure in
                var expected = figure
                expected.current = renamed(figure.current)
                expected.counts = Dictionary(figure.counts.map { (renamed($0.key), $0.value) }, uniquingKeysWith: +)
                return documents[id] != expected
            }
            #expect(wrong.isEmpty, "\(wrong.count) documents differ, e.g. \(wrong.first?.key ?? "")")
        }

        /// 30 cases of up to 13 activities by four departments, in the order of their times.
        private static func generated(in scratch: URL) throws -> Log {
            let activities = [
                "Confirmation of receipt", "T02 Check confirmation of receipt", "T07-1 Draft intern advice aspect 1",
                "T07-4 Draft internal advice to hold for type 4", "T18 Adjust report Y to stop indicition",
            ]
            var lines = ["case:deadline,org:group," + Log.columns.joined(separator: ",")]
            var random = Seeded(11)
            for number in 0..<300 {
                let id = Int.random(in: 0..<30, using: &random)
                let time = Date(timeIntervalSince1970: 1_318_333_540 + Double(number) * 977).formatted(.iso8601.dateTimeSeparator(.space))
                let deadline = number < 150 ? "2011-12-06" : "2012-01-\(10 + id % 3)"
                let department = ["Group 1", "Group 4", "Zoöark 必要", ""].randomElement(using: &random) ?? ""
                let activity = activities.randomElement(using: &random) ?? ""
                lines.append("\(deadline),\(department),case-\(id),\(activity),\(time.replacing("Z", with: "+00:00"))")
            }
            let file = scratch.appending(path: "departments.csv")
            try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: file)
            return Log(path: Products.path(file))
        }
    }
}
