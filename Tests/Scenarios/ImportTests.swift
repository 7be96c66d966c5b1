import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// A stack that starts from a log, and is then deployed again. What the log holds is counted by a program of its own (figures.py).
    @Suite struct ImportTests {
        /// A minute and a half: the only data here that nobody of ours made, and the only thousands of events.
        @Test(.enabled(if: Products.receiptLog != nil, "the receipt log lies beside the project"))
        func `the real log comes in whole, is replayed with equal totals, and cuts over`() async throws {
            try await Cloud.running { cloud in
                let figures = try await Self.importAndReplace(cloud, Log(path: try #require(Products.receiptLog)))
                #expect(figures.events == 8_577 && figures.cases.count == 1_434 && figures.bad.isEmpty)
            }
        }

        @Test func `a log with many scripts, times that run backwards and bad lines comes in as it is`() async throws {
            try await Cloud.running { cloud in
                let figures = try await Self.importAndReplace(cloud, try Log.generated(in: cloud.scratch, seed: 7))
                #expect(figures.events == 300 && figures.cases.count == 40 && figures.bad.count == 3 && figures.backwards > 0)
            }
        }

        private struct Deployed: Decodable {
            struct Imported: Decodable {
                struct Refusal: Decodable { var line: Int }
                var events: Int
                var streams: Int
                var seconds: Double
                var backwards: Int
                var refused: [Refusal]
            }
            struct Replay: Decodable {
                var events: Int
                var seconds: Double
                var shards: Int
            }
            struct Parity: Decodable {
                struct ReadModel: Decodable {
                    var name: String
                    var documents: Int
                }
                var verdict: String
                var coverage: Double
                var readModels: [ReadModel]
            }
            var release: String
            var imported: Imported?
            var replay: Replay?
            var parity: Parity?

            init(_ end: Child.End) throws { self = try JSONDecoder().decode(Self.self, from: Data(end.output.utf8)) }
        }

        private static func importAndReplace(_ cloud: Cloud, _ log: Log) async throws -> Log.Figures {
            let figures = try await log.figures(cloud)
            let first = try Deployed(try await cloud.deploy("permits", log.options + ["--format", "json"]))
            let imported = try #require(first.imported)
            #expect(imported.events == figures.events && imported.streams == figures.cases.count)
            #expect(imported.refused.map(\.line) == figures.bad)
            #expect(imported.backwards == figures.backwards)
            try await expectDocuments(cloud, "permits-r1-cases", figures)

            let second = try Deployed(try await cloud.deploy("permits", ["--format", "json"]))
            let replay = try #require(second.replay)
            #expect(replay.events == figures.events && replay.shards == 64)
            let parity = try #require(second.parity)
            #expect(parity.verdict == "matched" && parity.coverage == 1)
            #expect(parity.readModels.map(\.documents) == [figures.cases.count])

            try await cloud.immutable("cutover", "permits", "--yes")
            try await expectDocuments(cloud, "permits-r2-cases", figures)
            try await expectAnswers(cloud, figures)
            #expect(try await cloud.mails().isEmpty)
            try await expectOneMail(cloud, figures)
            print("import: \(figures.events) events in \(imported.seconds) s, replayed in \(replay.seconds) s")
            return figures
        }

        /// The whole table.
        private static func expectDocuments(_ cloud: Cloud, _ table: String, _ figures: Log.Figures) async throws {
            let items = try await cloud.items(table)
            let documents = Dictionary(items.map { ($0["id"]?.string ?? "", Log.Figures.Case($0)) }) { first, _ in first }
            #expect(documents.count == figures.cases.count && items.count == documents.count)
            let wrong = figures.cases.filter { documents[$0.key] != $0.value }
            let example = wrong.first.map { "\($0.value), and is \(String(describing: documents[$0.key]))" }
            #expect(wrong.isEmpty, "\(wrong.count) documents differ, e.g. '\(wrong.first?.key ?? "")' should be \(example ?? "")")
        }

        /// Some cases as users see them.
        private static func expectAnswers(_ cloud: Cloud, _ figures: Log.Figures) async throws {
            struct Document: Decodable {
                var caseId: String
                var currentActivity: String
                var activityCounts: [String: Int]
            }
            let ids = figures.cases.keys.sorted()
            for id in stride(from: 0, to: ids.count, by: max(1, ids.count / 20)).map({ ids[$0] }) {
                let answer = try await cloud.send("GET", "/cases/\(segment(id))", to: Cloud.permitsDomain)
                #expect(answer.statusCode == 200 && answer.headers["x-immutable-release"] == "r2", "\(id): \(answer.text)")
                guard answer.statusCode == 200 else { continue }
                let document = try JSONDecoder().decode(Document.self, from: Data(answer.body))
                #expect(document.caseId == id && document.currentActivity == figures.cases[id]?.current)
                #expect(document.activityCounts == figures.cases[id]?.counts)
            }
        }

        /// That no mail was sent is only worth something where one could have been.
        private static func expectOneMail(_ cloud: Cloud, _ figures: Log.Figures) async throws {
            let id = try #require(figures.cases.keys.min())
            let body = #"{"activity":"T05 Print and send confirmation of receipt"}"#
            let answer = try await cloud.send("POST", "/cases/\(segment(id))/activities", to: Cloud.permitsDomain, body)
            #expect(answer.statusCode == 201, "\(answer.text)")
            try await until("the mail of a new event") { try await !cloud.mails().isEmpty }
            #expect(try await cloud.mails() == ["Receipt for \(id)"])
        }

        /// What isn't encoded are the unreserved characters (RFC 3986, 2.3).
        private static func segment(_ id: String) -> String {
            let unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
            return id.addingPercentEncoding(withAllowedCharacters: .init(charactersIn: unreserved)) ?? id
        }
    }
}
