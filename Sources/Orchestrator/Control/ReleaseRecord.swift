import AWS
import EventSourcing
import EventStore
import Foundation
import StackDescription

/// What the control table knows about one release.
public struct ReleaseRecord: Sendable, Hashable {
    public enum State: String, Sendable, Codable {
        /// Being prepared, or ready. Followed by `live`, or `aborting`.
        case candidate
        /// Owns the writes. Followed by `previous`, or `rolledBack`.
        case live
        /// Was live and follows the live one, so that it can take the writes back. Followed by `live`, or `retired`.
        case previous
        /// Gave the writes back. Followed by `retired`; never cut over to again.
        case rolledBack = "rolled-back"
        /// Settled and out of play; its resources are being removed. Followed by `retired`.
        case retiring
        /// Given up before it was live; its resources are being removed. Followed by `aborted`.
        case aborting
        /// Given up before it was live; its resources are gone.
        case aborted
        /// Its resources are gone.
        case retired

        public var hasResources: Bool { self != .aborted && self != .retired }
        /// Some of its resources may be gone already.
        public var isBeingRemoved: Bool { self == .aborting || self == .retiring }
    }

    public var stack: String
    public var release: String
    public var state: State
    public var phase: DeploymentPhase
    /// The release that was live when this one was deployed.
    public var counterpart: String?
    /// How it is filled; absent where it isn't, and on records of earlier versions.
    public var replay: ReplaySettings?
    public var manifest: Stack
    /// SHA-256 of manifest, artifact and history file: the same sources resume a deployment.
    public var fingerprint: String
    /// `debug` or `release`.
    public var artifact: String
    public var createdAt: String
    /// Per shard, what replay put into this release's store; known once it is proven.
    public var replayed: ReplayProof?
    /// The last comparison's verdict and time.
    public var parity: ParityStamp?
    /// What its functions said that they contain; absent on records of earlier versions.
    public var catalogue: Catalogue?

    public var names: ReleaseNames { ReleaseNames(stack: stack, release: release) }

    package init(
        stack: String, release: String, state: State, phase: DeploymentPhase, counterpart: String? = nil,
        replay: ReplaySettings? = nil, manifest: Stack, fingerprint: String, artifact: String, createdAt: String,
        replayed: ReplayProof? = nil, parity: ParityStamp? = nil,
        catalogue: Catalogue? = nil
    ) {
        self.stack = stack
        self.release = release
        self.state = state
        self.phase = phase
        self.counterpart = counterpart
        self.replay = replay
        self.manifest = manifest
        self.fingerprint = fingerprint
        self.artifact = artifact
        self.createdAt = createdAt
        self.replayed = replayed
        self.parity = parity
        self.catalogue = catalogue
    }
}

/// What the replay proved.
public struct ReplayProof: Sendable, Hashable, Codable {
    public var events: Int
    /// Copying and proving, projections included.
    public var seconds: Double
    /// Per target shard.
    public var totals: [Totals]
    /// Events for which `reverse(forward(e)) == e` held, and the counts by type of those for which it didn't.
    public var proven: Int
    public var unproven: [String: Int]
    public var isReversible: Bool
    /// Absent where nothing was set aside.
    public var quarantine: ReplayQuarantine?

    /// E.g. `OrderPaid ×2, OrderPlaced ×40`.
    public var unprovenTypes: String {
        unproven.sorted { $0.key < $1.key }.map { "\($0.key) ×\($0.value)" }.joined(separator: ", ")
    }
}

/// What a replay set aside: items of the live events table that are no events, and what follows one in its stream.
public struct ReplayQuarantine: Sendable, Hashable, Codable {
    public var items: Int
    /// `aggregateId@version` of the first of them.
    public var keys: [String]
    /// Source shards whose totals are proven by their count alone: the digest of what was set aside there can't be told.
    public var shardsByCount: [Int]

    /// E.g. `3 items of the source were set aside: o-1@2, o-1@3, o-7@1; the digest of 1 shard can't be told`.
    public var summary: String {
        let shown = keys.joined(separator: ", ") + (items > keys.count ? " and \(items - keys.count) more" : "")
        let text = items == 1 ? "1 item of the source was set aside: \(shown)" : "\(items) items of the source were set aside: \(shown)"
        guard !shardsByCount.isEmpty else { return text }
        return text + "; the digest of \(shardsByCount.count) shard\(shardsByCount.count == 1 ? "" : "s") can't be told, only the count"
    }
}

/// The verdict of a comparison of everything, and when it was made.
public struct ParityStamp: Sendable, Hashable, Codable {
    public var verdict: String
    public var documents: Int
    public var at: String
    /// The whole report where everything matched: a cutover compares only what was touched since.
    public var report: ParityReport?

    package init(_ report: ParityReport) {
        verdict = report.verdict.rawValue
        documents = report.documents
        at = report.at
        guard report.verdict == .matched else { return }
        self.report = report
        self.report?.events = nil
    }

    /// How old a comparison may be that a cutover builds on.
    private static let lifetime: TimeInterval = 24 * 3_600

    /// The report that a cutover may build on.
    func fresh(at now: Date) -> ParityReport? {
        guard let report, let at = Timestamp.parse(at), now.timeIntervalSince(at) < Self.lifetime else { return nil }
        return report
    }
}

/// Reads and writes release records; every write is fenced by the stack's lock.
public struct ReleaseStore: Sendable {
    public let dynamo: any ItemStore
    public let stack: String

    public init(dynamo: any ItemStore, stack: String) {
        self.dynamo = dynamo
        self.stack = stack
    }

    /// All releases that ever were, oldest first.
    public func all() async throws -> [ReleaseRecord] {
        try await dynamo.controlItems(stack, "release#").map(decode).sorted { number($0.release) < number($1.release) }
    }

    public func get(_ release: String) async throws -> ReleaseRecord? {
        try await dynamo.controlItem(stack, "release#\(release)").map(decode)
    }

    public func put(_ record: ReleaseRecord, routes: [String: String], fence: Write) async throws {
        var item: Item = [
            "stack": .s(stack), "item": .s("release#\(record.release)"), "state": .s(record.state.rawValue),
            "phase": .s(record.phase.rawValue), "manifest": .s(try Self.json(record.manifest)), "fingerprint": .s(record.fingerprint),
            "artifact": .s(record.artifact), "createdAt": .s(record.createdAt), "routes": .m(routes.mapValues { .s($0) }),
        ]
        if let catalogue = record.catalogue { item["catalogue"] = .s(try Self.json(catalogue)) }
        if let counterpart = record.counterpart { item["counterpart"] = .s(counterpart) }
        if let replay = record.replay { item["replay"] = .s(try Self.json(replay)) }
        try await fenced(.put(StackNames.control, item, if: "attribute_not_exists(#stack)"), fence)
    }

    /// Forgets what was compared of a release: the next cutover compares everything.
    func forgetParity(of release: String, fence: Write) async throws {
        try await fenced(
            .update(
                StackNames.control, ["stack": .s(stack), "item": .s("release#\(release)")], "REMOVE #parity",
                if: "attribute_exists(#stack)"), fence)
    }

    /// Changes the phase, and what is known by then.
    public func advance(_ record: ReleaseRecord, fence: Write) async throws {
        var expression = "SET #state = :state, #phase = :phase"
        var values: Item = [":state": .s(record.state.rawValue), ":phase": .s(record.phase.rawValue)]
        if let replayed = record.replayed {
            expression += ", #replayed = :replayed"
            values[":replayed"] = .s(try Self.json(replayed))
        }
        if let parity = record.parity {
            expression += ", #parity = :parity"
            values[":parity"] = .s(try Self.json(parity))
        }
        let key: Item = ["stack": .s(stack), "item": .s("release#\(record.release)")]
        try await fenced(.update(StackNames.control, key, expression, if: "attribute_exists(#stack)", values: values), fence)
    }

    /// The next release's name: names are never used twice.
    public func nextName() async throws -> String {
        let last = try await all().map { number($0.release) }.max() ?? 0
        return "r\(last + 1)"
    }

    private func fenced(_ write: Write, _ fence: Write) async throws {
        do {
            try await dynamo.transact([write, fence], tries: 10)
        } catch DynamoDBError.transactionCancelled(let reasons) {
            if reasons.last?.code == "ConditionalCheckFailed" { throw LockLost() }
            throw DynamoDBError.transactionCancelled(reasons)
        }
    }

    private func number(_ release: String) -> Int { Int(release.dropFirst()) ?? 0 }

    private static func json(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    private func decode(_ item: Item) throws -> ReleaseRecord {
        func odd(_ attribute: String) -> OddControlItem {
            OddControlItem(item: item["item"]?.string ?? "?", stack: stack, attribute: attribute)
        }
        guard let name = item["item"]?.string?.dropFirst("release#".count), !name.isEmpty else { throw odd("item") }
        guard let state = item["state"]?.string.flatMap(ReleaseRecord.State.init(rawValue:)) else { throw odd("state") }
        guard let phase = item["phase"]?.string.flatMap(DeploymentPhase.init(rawValue:)) else { throw odd("phase") }
        guard let manifest = item["manifest"]?.string,
            let stackDescription = try? JSONDecoder().decode(Stack.self, from: Data(manifest.utf8))
        else { throw odd("manifest") }
        func stored<T: Decodable>(_ attribute: String, _ type: T.Type) -> T? {
            item[attribute]?.string.flatMap { try? JSONDecoder().decode(T.self, from: Data($0.utf8)) }
        }
        return ReleaseRecord(
            stack: stack, release: String(name), state: state, phase: phase, counterpart: item["counterpart"]?.string,
            replay: stored("replay", ReplaySettings.self), manifest: stackDescription, fingerprint: item["fingerprint"]?.string ?? "",
            artifact: item["artifact"]?.string ?? "?",
            createdAt: item["createdAt"]?.string ?? "?", replayed: stored("replayed", ReplayProof.self),
            parity: stored("parity", ParityStamp.self), catalogue: stored("catalogue", Catalogue.self))
    }
}

/// A control item that this version can't read.
public struct OddControlItem: Error, Sendable, CustomStringConvertible {
    public var item: String
    public var stack: String
    public var attribute: String

    public var description: String {
        "item '\(item)' of stack '\(stack)' in table '\(StackNames.control)' has no usable '\(attribute)': a newer version of immutable may have written it. Use that version."
    }
}
