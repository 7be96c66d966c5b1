import AWS
import EventSourcing
import EventStore

/// `immutable rebuild`: fills a second table of a read model from the store while the first one serves, compares the two, and lets the new one serve.
///
/// Each step is on record before it begins, so that the same command goes on from wherever an earlier one was killed. No query gets a wrong
/// answer on the way: both tables are kept up to date from before the filling until every query knows which one serves.
public struct RebuildCommand: Sendable {
    public enum Mode: Sendable, Hashable {
        /// Fill, compare, ask, swap.
        case swap
        /// Fill, compare, remove.
        case compare
        /// Give an unfinished rebuild up.
        case abandon
    }

    /// What a person is asked about.
    public struct Intent: Sendable {
        public var stack: String
        public var release: String
        public var readModel: String
        public var from: String
        public var to: String
        public var comparison: ParityReport.ReadModel
    }

    public let cloud: Cloud
    public let stack: String
    public let readModel: String
    /// `nil`: the live one.
    public let release: String?
    public let mode: Mode
    private let sink: ProgressSink
    private let ready: @Sendable () throws -> Void
    private let confirm: @Sendable (Intent) async throws -> Bool

    public init(
        cloud: Cloud, stack: String, readModel: String, release: String?, mode: Mode, sink: @escaping ProgressSink,
        ready: @escaping @Sendable () throws -> Void = {}, confirm: @escaping @Sendable (Intent) async throws -> Bool
    ) {
        self.cloud = cloud
        self.stack = stack
        self.readModel = readModel
        self.release = release
        self.mode = mode
        self.sink = sink
        self.ready = ready
        self.confirm = confirm
    }

    public func run() async throws -> RebuildReport {
        _ = try await StackView.load(cloud, stack)
        return try await StackLock.holding(cloud.dynamo, stack, doing: "rebuild") { lock in
            let view = try await StackView.load(cloud, stack)
            let record = try receiver(view)
            guard let model = record.manifest.readModels.first(where: { $0.name == readModel }),
                let function = Blueprint(record).projectors.first(where: { $0.readModel == readModel })?.function
            else { throw NoSuchReadModel(record: record, readModel: readModel) }
            if model.isIndex { throw IndexNotRebuilt(record: record, readModel: readModel) }
            if mode == .swap { try ready() }
            let state = try await ReadModelState.read(cloud.dynamo, record.names, readModel)
            let work = RebuildRun(
                cloud: cloud, view: view, record: record, model: model, function: function, mode: mode, lock: lock, sink: sink,
                confirm: confirm)
            return try await work.run(from: state)
        }
    }

    private func receiver(_ view: StackView) throws -> ReleaseRecord {
        guard let record = release.map({ view.release($0) }) ?? view.live, record.isFilled else {
            throw NothingToRebuild(stack: stack, release: release)
        }
        return record
    }
}

/// A release that has no filled read models.
public struct NothingToRebuild: Error, Sendable, CustomStringConvertible {
    public var stack: String
    public var release: String?

    public var description: String {
        "\(release ?? "no release") of stack '\(stack)' \(release == nil ? "is live" : "has read models"): there is nothing to rebuild.\nhint: `immutable status \(stack)` shows its releases"
    }
}

/// A read model that a release doesn't have.
public struct NoSuchReadModel: Error, Sendable, CustomStringConvertible {
    public var record: ReleaseRecord
    public var readModel: String

    public var description: String {
        let known = record.manifest.readModels.map(\.name).sorted().joined(separator: ", ")
        let next = known.isEmpty ? "it has none: there is nothing to rebuild" : "it has \(known).\nhint: run it again with one of these"
        return "\(record.release) of stack '\(record.stack)' has no read model '\(readModel)'; \(next)"
    }
}

/// A read model that is a search index: it has one filling, that of its deployment.
public struct IndexNotRebuilt: Error, Sendable, CustomStringConvertible {
    public var record: ReleaseRecord
    public var readModel: String

    public var description: String {
        "'\(readModel)' of \(record.release) of stack '\(record.stack)' is a search index: only tables are rebuilt. Nothing was changed.\nhint: `immutable deploy` fills an index of the next release from the first event on"
    }
}

/// A rebuild that can't be given up, or that there isn't.
public struct NothingToAbandon: Error, Sendable, CustomStringConvertible {
    public var readModel: String
    public var isSwapped: Bool

    public var description: String {
        isSwapped
            ? "the new table of '\(readModel)' serves already: run the rebuild again without --abandon, it removes the old one"
            : "no rebuild of '\(readModel)' is unfinished. Nothing was changed."
    }
}
