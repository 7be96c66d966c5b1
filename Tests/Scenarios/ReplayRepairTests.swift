import AWS
import EventSourcing
import EventStore
import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// A replay that is paused, killed, and whose copy is damaged behind its back; by the tool in processes of its own. About a minute.
    @Suite struct ReplayRepairTests {
        @Test func `a replay is paused and killed and goes on, and what is lost or changed in its copy is found and mended`() async throws {
            try await Cloud.running { cloud in
                let trial = try await Trial.start(cloud, streams: 60, eventsEach: 20)
                try await Self.pause(trial)
                try await Self.killBeforeProof(trial)
                let copied = try await trial.contents("r2")
                #expect(copied.count == trial.events)

                let changes = try await Self.damage(trial, copied)
                let mended = try await cloud.immutable(try trial.deployment("Sound") + ["--progress", "json"])
                #expect(mended.errors.contains("shards hold other events than were copied"), "\(mended)")
                #expect(mended.errors.contains("written again: 2 events (\(changes))"), "\(mended)")
                #expect(try await trial.contents("r2") == copied)
                // The read models were made of what is right: a document has the lengths of its events' data.
                #expect(mended.output.contains("all equal"), "\(mended)")

                try await Self.expectFoundLater(trial, copied)
            }
        }

        /// SIGINT in the middle of the copy, which an allowance makes slow enough to be met.
        private static func pause(_ trial: Trial) async throws {
            let cloud = trial.cloud
            let slow = try trial.deployment("Sound") + ["--max-write-units", "200", "--progress", "json"]
            let child = try cloud.start(slow)
            try await until("some events are copied") {
                progress(child.errors).contains { ($0.done ?? 0) > 0 && $0.what == "events" } || !child.isRunning
            }
            Foundation.kill(child.pid, SIGINT)
            let paused = try await child.end()
            #expect(paused.status == 130, "\(paused)")
            #expect(paused.errors.contains("what was done is kept, and the same command goes on from here"), "\(paused)")
            #expect(try await trial.phase("r2") == "replaying")
            let status = try await cloud.immutable("status", Trial.stack)
            #expect(status.output.contains("goes on with r2, from 'replaying'"), "\(status)")
            #expect(status.output.split(separator: "\n").contains { $0.hasPrefix("  lock") && $0.hasSuffix("free") }, "\(status)")
            let before = try await trial.checkpoints("r2")
            let events = before.values.reduce(0) { $0 + $1.events }
            #expect((1..<trial.events).contains(events))

            // It tells what it does and what holds it up.
            let counts = progress(paused.errors).filter { $0.what == "events" }
            #expect(
                counts.allSatisfy { $0.total == trial.events } && counts.contains { $0.replay?.limitedBy == "--max-write-units" },
                "\(paused)")
        }

        /// Goes on with the copy, and is killed where it is about to be proven.
        private static func killBeforeProof(_ trial: Trial) async throws {
            let before = try await trial.checkpoints("r2")
            let child = try trial.cloud.start(try trial.deployment("Sound") + ["--progress", "json"])
            try await until("the copy is about to be proven", every: .milliseconds(1)) {
                progress(child.errors).contains { $0.step == "prove" } || !child.isRunning
            }
            child.kill()
            let end = try await child.end()
            #expect(end.status == 128 + SIGKILL, "\(end)")
            let after = try await trial.checkpoints("r2")
            #expect(after.values.allSatisfy { $0.finished })
            #expect(after.values.reduce(0) { $0 + $1.events } == trial.events)
            for (segment, checkpoint) in before { #expect((after[segment]?.pages ?? 0) >= checkpoint.pages) }
            try #require(try await trial.phase("r2") == "proving", "it was killed too late")
            // A killed command's lock is free again, or is taken over by its process' end; what follows shows it.
        }

        /// Takes an event away and changes a byte of another; returns which, in order.
        private static func damage(_ trial: Trial, _ copied: [StoredEvent]) async throws -> String {
            let dynamo = try trial.cloud.dynamo
            let table = trial.names("r2").events
            let (lost, changed) = (copied[13], copied[copied.count - 7])
            try await dynamo.write(.delete(table, ["aggregateId": .s(lost.aggregateId), "version": .int(lost.version)]))
            var other = changed
            other.data = other.data.replacing("\"}", with: "0\"}")
            try await dynamo.write(.put(table, other.item))
            return [lost.position, changed.position].sorted().joined(separator: ", ")
        }

        /// After the proof, `verify --events` is what finds it.
        private static func expectFoundLater(_ trial: Trial, _ copied: [StoredEvent]) async throws {
            let cloud = trial.cloud
            try await cloud.immutable("verify", Trial.stack, "--events")
            let lost = copied[25]
            try await cloud.dynamo.write(
                .delete(trial.names("r2").events, ["aggregateId": .s(lost.aggregateId), "version": .int(lost.version)]))
            let differs = try await cloud.immutable("verify", Trial.stack, "--events", ending: 3)
            #expect(differs.output.contains(lost.aggregateId), "\(differs)")
        }

        @Test func `an event that no replay wrote stops the proof and is named, and the deployment ends when it is gone`() async throws {
            try await Cloud.running { cloud in
                let trial = try await Trial.start(cloud, streams: 5, eventsEach: 4)
                try await Self.killBeforeProof(trial)
                var foreign = try #require(try await trial.contents("r2").first)
                (foreign.aggregateId, foreign.from, foreign.source) = ("intruder", nil, nil)
                let table = trial.names("r2").events
                try await cloud.dynamo.write(.put(table, foreign.item))
                let stopped = try await cloud.immutable(try trial.deployment("Sound"), ending: 1)
                #expect(stopped.errors.contains("r2 holds other events than were copied into it, in 1 shard:"), "\(stopped)")
                #expect(stopped.errors.contains("events that no replay wrote: intruder@1"), "\(stopped)")
                #expect(stopped.errors.contains("The live release is untouched"), "\(stopped)")
                try await cloud.dynamo.write(.delete(table, ["aggregateId": .s("intruder"), "version": .int(1)]))
                // Its document is made anew too, without it.
                let end = try await cloud.immutable(try trial.deployment("Sound"))
                #expect(end.output.contains("all equal"), "\(end)")
            }
        }

        private struct Line: Decodable {
            struct Replay: Decodable {
                var eventsPerSecond: Double?
                var limitedBy: String?
            }
            var kind: String
            var step: String?
            var what: String?
            var done: Int?
            var total: Int?
            var replay: Replay?
        }

        private static func progress(_ errors: String) -> [Line] {
            errors.split(separator: "\n").compactMap { try? JSONDecoder().decode(Line.self, from: Data($0.utf8)) }
        }
    }
}
