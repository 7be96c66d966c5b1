import AWS
import EventSourcing
import EventStore
import Foundation
import Testing

extension EndToEnd {
    /// What stops a replay, through the tool and the functions as users run them: the source event and its id are named, the live release is as it
    /// was, and what to do next is said. One live release for all; most of a minute.
    @Suite struct ReplayStopTests {
        @Test func `each transform that goes wrong stops the replay at its event, and odd items stop it until they are set aside`()
            async throws
        {
            try await Cloud.running { cloud in
                let trial = try await Trial.start(cloud, streams: 20, eventsEach: 10)
                let live = try await trial.contents("r1")
                #expect(live.count == trial.events)
                try await Self.expectStops(trial, live)
                try await Self.expectGapStops(trial, live)
                try await Self.expectQuarantine(trial, live)
            }
        }

        private static let stops: [(transform: String, at: String, reason: String)] = [
            ("Throws", "@7", "seven is unlucky"),
            ("TooLarge", "@7", "at most 400000 are possible"),
            ("OneKey", "@1", "it goes to stream 'one', which stream 'note-"),
            ("Chance", "@1", "converted twice it gives different events"),
            ("FailingReverse", "@7", "its way back failed on 'Noted': "),
        ]

        private static func expectStops(_ trial: Trial, _ live: [StoredEvent]) async throws {
            for (transform, at, reason) in stops {
                let end = try await trial.cloud.immutable(try trial.deployment(transform), ending: 1)
                let text = end.errors.split(separator: "the replay stopped: ").last.map(String.init) ?? ""
                let named = live.first { text.contains("event \($0.position) (id \($0.eventId), type 'Noted')") }
                #expect(named?.position.hasSuffix(at) == true, "\(transform): \(end)")
                #expect(text.contains(reason), "\(transform): \(end)")
                #expect(text.contains("The live release is untouched") && text.contains("deploy again"), "\(transform): \(end)")
                // It stays stopped: nothing but another transform helps.
                if transform == "Throws" { try await trial.cloud.immutable(try trial.deployment(transform), ending: 1) }
                try await expectUntouched(trial, live)
                try await trial.cloud.immutable("abort", Trial.stack)
            }
        }

        private static func expectUntouched(_ trial: Trial, _ live: [StoredEvent]) async throws {
            #expect(try await trial.contents("r1") == live)
            let answer = try await trial.cloud.send("GET", "/notes/\(trial.streams[0])", to: "api.trial.example")
            #expect(answer.statusCode == 200 && answer.headers["x-immutable-release"] == "r1", "\(answer.text)")
        }

        /// A version that is missing in the source.
        private static func expectGapStops(_ trial: Trial, _ live: [StoredEvent]) async throws {
            let lost = try #require(live.first { $0.version == 4 })
            let dynamo = try trial.cloud.dynamo
            let table = trial.names("r1").events
            try await dynamo.write(.delete(table, ["aggregateId": .s(lost.aggregateId), "version": .int(4)]))
            let end = try await trial.cloud.immutable(try trial.deployment("Sound"), ending: 1)
            #expect(end.errors.contains("stream '\(lost.aggregateId)' has version 5 where 4 was expected"), "\(end)")
            #expect(end.errors.contains("The live release is untouched") && end.errors.contains("goes on where it stopped"), "\(end)")
            try await dynamo.write(.put(table, lost.item))
            try await trial.cloud.immutable("abort", Trial.stack)
        }

        /// What stands in the table before the deployment begins: a worker doesn't look again at what it has passed.
        private static func expectQuarantine(_ trial: Trial, _ live: [StoredEvent]) async throws {
            let cloud = trial.cloud
            let odd: [Item] = [
                ["aggregateId": .s("by-hand"), "version": .int(1), "remark": .s("not an event")],
                ["aggregateId": .s("by-hand"), "version": .int(2), "eventId": .int(7)],
            ]
            // Some more, all over the table.
            let many: [Item] = (100..<130).map { ["aggregateId": .s("by-hand-\($0)"), "version": .int(1)] }
            try await cloud.dynamo.batchPut(trial.names("r1").events, odd + many)
            let stopped = try await cloud.immutable(try trial.deployment("Sound"), ending: 1)
            #expect(
                stopped.errors.contains(
                    "32 items of the live events table are no events: by-hand-100@1 (no usable 'eventId'), by-hand-101@1"), "\(stopped)")
            #expect(stopped.errors.contains("and 12 more"), "\(stopped)")
            let releases = try await cloud.items("immutable-stack").compactMap { item in
                item["item"]?.string.flatMap { $0.hasPrefix("release#r") ? Int($0.dropFirst(9)) : nil }
            }
            let release = "r\(try #require(releases.max()))"
            try await cloud.dynamo.batchDelete(
                trial.names("r1").events, keys: many.map { $0.filter { ["aggregateId", "version"].contains($0.key) } })
            #expect(stopped.errors.contains("With --quarantine it sets them aside instead"), "\(stopped)")

            let deployed = try await cloud.immutable(try trial.deployment("Sound") + ["--quarantine", "--format", "json"])
            struct Deployed: Decodable {
                struct Replay: Decodable {
                    struct Quarantine: Decodable {
                        var items: Int
                        var keys: [String]
                        var shardsByCount: [Int]
                    }
                    var events: Int
                    var quarantine: Quarantine?
                }
                var replay: Replay?
            }
            let replay = try JSONDecoder().decode(Deployed.self, from: Data(deployed.output.utf8)).replay
            #expect(replay?.events == live.count && replay?.quarantine?.items == 2)
            #expect(replay?.quarantine?.keys == ["by-hand@1", "by-hand@2"] && replay?.quarantine?.shardsByCount == [])
            #expect(try await trial.contents(release).count == live.count)

            let words = "2 items of the source were set aside: by-hand@1, by-hand@2"
            #expect(try await cloud.immutable("status", Trial.stack).output.contains("\(release): \(words)"))
            let refused = try await cloud.immutable("cutover", Trial.stack, "--yes", ending: 6)
            #expect(refused.errors.contains("quarantine") && refused.errors.contains(words), "\(refused)")
            // The live projector can't read them either: its mapping has failed, or their stream is parked.
            let waived = ["quarantine", "parked", "mappings"].flatMap { ["--waive", $0] }
            let receipt = try await cloud.immutable(["cutover", Trial.stack, "--yes"] + waived)
            #expect(
                receipt.output.contains(words) && receipt.output.contains("waived: ") && receipt.output.contains("quarantine"), "\(receipt)"
            )
            #expect(try await cloud.immutable("history", Trial.stack, "--format", "json").output.contains(#""by-hand@1""#))
        }
    }
}
