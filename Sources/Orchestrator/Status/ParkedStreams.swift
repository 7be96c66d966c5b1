import AWS
import EventSourcing
import EventStore
import Foundation

/// The parked streams of a stack: a consumer can't go on with them, and a person decides what becomes of them.
public struct ParkedStreams: Sendable {
    private let view: StackView
    private var cloud: Cloud { view.cloud }

    public init(view: StackView) { self.view = view }

    /// Of one release, or of every release that has resources.
    public func entries(of release: String? = nil) async throws -> [Parking.Entry] {
        var entries: [Parking.Entry] = []
        for record in view.releases where record.state.hasResources && record.release == release ?? record.release {
            entries += try await parking(record.release).entries()
        }
        return entries
    }

    /// What came of one more try.
    public struct Retry: Sendable, Hashable, Codable {
        public var entry: Parking.Entry
        public var passed: Bool
        /// What the consumer said, where it can't go on.
        public var error: String?
    }

    /// Hints at each stream again. What passes is parked no longer.
    public func retry(_ entries: [Parking.Entry]) async throws -> [Retry] {
        var retries: [Retry] = []
        for entry in entries {
            let error = try await fault(of: entry)
            if error == nil { try await parking(entry.release).release(entry.consumer, entry.aggregateId) }
            retries.append(Retry(entry: entry, passed: error == nil, error: error))
        }
        return retries
    }

    /// Lets the consumer pass over exactly the event that it stops at, and says so in the audit trail; then the stream goes on.
    ///
    /// The cursor is moved from right before the event to it, in one transaction with the record. Only projectors and reactors: a replica
    /// that lacks an event could never be proven.
    public func skip(_ entry: Parking.Entry, reason: String) async throws -> (skipped: SkippedEvent, then: Retry) {
        guard let record = view.release(entry.release), let consumer = try await consumer(entry, record) else {
            throw NotSkippable(entry: entry)
        }
        let key: Item = ["consumer": .s(consumer.cursorKey(entry.aggregateId))]
        let cursor = try await cloud.dynamo.getItem(record.names.cursors, key)?["version"]?.int ?? 0
        let version = entry.event?.version ?? cursor + 1
        guard cursor == version - 1 else { throw NotStuckThere(entry: entry, version: version, cursor: cursor) }
        let found = try await cloud.dynamo.getItem(
            record.names.events, ["aggregateId": .s(entry.aggregateId), "version": .int(version)])
        guard let event = try found.map(StoredEvent.init(item:)) else {
            throw NotStuckThere(entry: entry, version: version, cursor: cursor)
        }
        let clock = cloud.dynamo.clock
        let identity = try await STS(cloud.client).callerIdentity().arn
        let skipped = SkippedEvent(
            id: ULID.next(clock), at: Timestamp.format(clock.now()), by: "\(LockOwner.person) (\(identity))", reason: reason,
            release: entry.release, consumer: entry.consumer, event: EventReference(event), error: entry.error)
        do {
            try await cloud.dynamo.transact([
                .update(
                    // An index's projector folds a stream from its document on, which is before the event: it has to know what to pass over.
                    record.names.cursors, key,
                    "SET #version = :new, #skipped = list_append(if_not_exists(#skipped, :none), :skipped), #bare = if_not_exists(#bare, :bare)",
                    if: cursor == 0 ? "attribute_not_exists(#version) OR #version = :old" : "#version = :old",
                    values: [
                        ":new": .int(version), ":old": .int(cursor), ":none": .l([]), ":skipped": .l([.int(version)]),
                        // Nothing before a stream's first cursor has made a document.
                        ":bare": .bool(cursor == 0),
                    ]),
                .put(StackNames.control, skipped.item(view.stack), if: "attribute_not_exists(#stack)"),
                .delete(StackNames.control, parking(entry.release).key(entry.consumer, entry.aggregateId)),
            ])
        } catch DynamoDBError.transactionCancelled(let reasons) where reasons.first?.code == "ConditionalCheckFailed" {
            throw NotStuckThere(entry: entry, version: version, cursor: nil)
        }
        var rest = entry
        rest.event = nil
        let error = try await fault(of: rest)
        return (skipped, Retry(entry: entry, passed: error == nil, error: error))
    }

    private func parking(_ release: String) -> Parking { Parking(dynamo: cloud.dynamo, stack: view.stack, release: release) }

    private func consumer(_ entry: Parking.Entry, _ record: ReleaseRecord) async throws -> StreamConsumer? {
        let blueprint = Blueprint(record)
        if let reactor = blueprint.reactorConsumers.first(where: { $0.name == entry.consumer }) { return reactor }
        guard let projector = blueprint.projectors.first(where: { CursorKey.projector($0.readModel) == entry.consumer }) else { return nil }
        let state = try await ReadModelState.read(cloud.dynamo, record.names, projector.readModel)
        return StreamConsumer(projector: projector.function, of: state.servingGeneration)
    }

    /// Hints at the stream; `nil` where it went through.
    private func fault(of entry: Parking.Entry) async throws -> String? {
        guard let record = view.release(entry.release) else { return "\(entry.release) is gone" }
        do {
            if let consumer = try await consumer(entry, record) {
                let faults = try await FunctionCall(cloud: cloud).hint(consumer.function, [entry.aggregateId])
                if let fault = faults.first { return fault.error }
                return try await lag(
                    of: entry, in: record.names.cursors, consumer.cursorKey(entry.aggregateId), "version", events: record.names.events)
            }
            return try await replicaFault(of: entry, record)
        } catch let error as FunctionFailed {
            return error.reason
        }
    }

    /// Forward replication parks in the candidate, and so does the way back: both run there.
    private func replicaFault(of entry: Parking.Entry, _ record: ReleaseRecord) async throws -> String? {
        struct Answer: Decodable { var failures: [String: String] }
        let source = String(entry.consumer.dropFirst("replica/".count))
        let isBack = source == entry.release
        guard entry.consumer.hasPrefix("replica/"), let counterpart = record.counterpart,
            let function = Blueprint(record).function(isBack ? .returnReplicator : .replicator)
        else { return "there is no function for '\(entry.consumer)' any more" }
        let shard = view.shards.shard(of: entry.aggregateId)
        let answer: Answer = try await FunctionCall(cloud: cloud).json(function, "{\"sweep\":[\(shard)]}", retry: .whenTransient)
        if let failure = answer.failures[entry.aggregateId] { return failure }
        let target = record.names.release(isBack ? counterpart : entry.release)
        return try await lag(
            of: entry, in: target.cursors, "\(entry.consumer)/\(entry.aggregateId)", "sourceVersion",
            events: record.names.release(source).events)
    }

    /// The function had nothing to say; the cursor tells whether it has passed the event.
    private func lag(
        of entry: Parking.Entry, in cursors: String, _ cursor: String, _ attribute: String, events: String
    ) async throws -> String? {
        let reached = try await cloud.dynamo.getItem(cursors, ["consumer": .s(cursor)])?[attribute]?.int ?? 0
        var wanted = entry.event?.version
        if wanted == nil { wanted = try await StreamReader(dynamo: cloud.dynamo, table: events).lastVersion(entry.aggregateId) }
        guard let wanted, reached < wanted else { return nil }
        return "it stands at version \(reached) of \(wanted)"
    }
}

/// A parked stream of something that must not leave an event out.
public struct NotSkippable: Error, Sendable, CustomStringConvertible {
    public var entry: Parking.Entry

    public var description: String {
        "'\(entry.consumer)' of \(entry.release) can't leave out \(entry.position): a release that lacks an event is never proven. Nothing was changed.\nhint: mend the transform, `immutable abort`, deploy again"
    }
}

/// A consumer that stands elsewhere than right before the event.
public struct NotStuckThere: Error, Sendable, CustomStringConvertible {
    public var entry: Parking.Entry
    public var version: Int
    public var cursor: Int?

    public var description: String {
        let stands = cursor.map { "stands at version \($0)" } ?? "has moved"
        return
            "'\(entry.consumer)' of \(entry.release) \(stands), not right before \(entry.aggregateId)@\(version). Nothing was changed.\nhint: `immutable parked <stack> retry` tries it again"
    }
}
