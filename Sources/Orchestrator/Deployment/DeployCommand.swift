import AWS
import Crypto
import EventSourcing
import EventStore
import Foundation
import StackDescription

/// `immutable deploy`: provisions a whole new release, fills it, and proves it. Run again with the same sources, it goes on where it stopped.
public struct DeployCommand: Sendable {
    public let cloud: Cloud
    public let manifest: Stack
    public let artifact: Artifact
    public let history: HistoryFile?
    /// `nil`: the one that a deployment began with, or `direct`.
    public let engine: ReplayEngine?
    private let options: ReplayOptions
    private let catalogue: Catalogue?
    private let sink: ProgressSink

    public init(
        cloud: Cloud, manifest: Stack, artifact: Artifact, history: HistoryFile?, engine: ReplayEngine? = nil,
        options: ReplayOptions = ReplayOptions(), catalogue: Catalogue? = nil, sink: @escaping ProgressSink
    ) {
        self.cloud = cloud
        self.manifest = manifest
        self.artifact = artifact
        self.history = history
        self.engine = engine
        self.options = options
        self.catalogue = catalogue
        self.sink = sink
    }

    public struct Outcome: Sendable {
        public var record: ReleaseRecord
        /// `nil` for a stack's first release.
        public var parity: ParityReport?
        public var imported: HistoryImport.Result?
        /// How long this process copied events.
        var replaySeconds = 0.0
    }

    public func run() async throws -> Outcome {
        try await ControlTable(dynamo: cloud.dynamo).ensure()
        return try await StackLock.holding(cloud.dynamo, manifest.name, doing: "deploy") { lock in
            let record = try await begin(lock)
            return try await Deployment(cloud: cloud, artifact: artifact, history: history, options: options, lock: lock, sink: sink).run(
                record)
        }
    }

    /// The release to go on with, or a new one.
    private func begin(_ lock: StackLock) async throws -> ReleaseRecord {
        let store = ReleaseStore(dynamo: cloud.dynamo, stack: manifest.name)
        let releases = try await store.all()
        let view = StackView(cloud: cloud, stack: manifest.name, releases: releases)
        if let handover = try await view.handovers.current(), !handover.state.hasEnded { throw HandoverUnfinished(record: handover) }
        let fingerprint = try await fingerprint()
        if let candidate = view.candidate {
            guard candidate.fingerprint == fingerprint else { throw OtherCandidate(record: candidate) }
            if let engine, candidate.counterpart != nil, engine != candidate.replaySettings.engine {
                throw OtherEngine(record: candidate, asked: engine)
            }
            if candidate.phase != .ready { sink(.note("going on with \(candidate.release) at '\(candidate.phase.rawValue)'")) }
            return candidate
        }
        if let old = view.leftover { throw RemoveFirst(record: old) }
        if view.live != nil, history != nil { throw HistoryNeedsNewStack(stack: manifest.name) }
        if let live = view.live {
            let problems = ReleaseChange(live: live.manifest, next: manifest).problems
            guard problems.isEmpty else { throw ChangeRefused(problems: problems) }
        }
        let name = try await store.nextName()
        if view.live == nil, engine != nil { sink(.note("--engine changes nothing here: a stack's first release copies no events")) }
        let replay = try await view.replaySettings(engine ?? .direct, for: manifest)
        let blueprint = Blueprint(stack: manifest, release: name, counterpart: view.live?.release, replay: replay)
        let record = ReleaseRecord(
            stack: manifest.name, release: name, state: .candidate, phase: .provisioning, counterpart: view.live?.release,
            replay: replay, manifest: manifest, fingerprint: fingerprint, artifact: artifact.kind, createdAt: Timestamp.format(Date()),
            catalogue: catalogue
        )
        try await store.put(record, routes: blueprint.commandRoutes, fence: lock.fence)
        return record
    }

    private func fingerprint() async throws -> String {
        var hash = SHA256()
        hash.update(data: Data(try StableJSON.encode(manifest).utf8))
        hash.update(data: Data(artifact.digest.utf8))
        if let history { hash.update(data: Data(try await history.digest().utf8)) }
        return hash.finalize().map { String(format: "%02x", $0) }.joined()
    }
}

/// A candidate of other sources is in the way.
public struct OtherCandidate: Error, Sendable, CustomStringConvertible {
    public var record: ReleaseRecord

    public var description: String {
        """
        \(record.release) is a candidate already (at '\(record.phase.rawValue)'), made from other sources.
        hint: `immutable cutover \(record.stack)` makes it live, `immutable abort \(record.stack)` gives it up; then deploy again
        """
    }
}

/// Two releases are in play already.
public struct RemoveFirst: Error, Sendable, CustomStringConvertible {
    public var record: ReleaseRecord

    /// What removes it, without `immutable`.
    var command: String { record.state == .aborting ? "abort \(record.stack)" : "retire \(record.stack) \(record.release)" }

    public var description: String {
        """
        \(record.release) (\(record.state.rawValue)) is still there: at most two releases of a stack are in play.
        hint: `immutable \(command)` removes it; then deploy again
        """
    }
}

/// A history file for a stack that has events already.
public struct HistoryNeedsNewStack: Error, Sendable, CustomStringConvertible {
    public var stack: String

    public var description: String {
        "stack '\(stack)' exists already: --history starts a new stack only. Leave it out to deploy the next release."
    }
}
