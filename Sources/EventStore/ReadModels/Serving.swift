import AWS
import Synchronization

/// The generation of a read model that answers queries, read again once it is older than its lifetime.
public final class Serving: Sendable {
    /// A generation that no longer serves is kept up to date for longer than this.
    public static let lifetime: Duration = .seconds(2)

    private let dynamo: any ItemStore
    private let names: ReleaseNames
    private let readModel: String
    private let known = Mutex<(generation: Generation, at: ContinuousClock.Instant)?>(nil)

    public init(dynamo: any ItemStore, names: ReleaseNames, readModel: String) {
        self.dynamo = dynamo
        self.names = names
        self.readModel = readModel
    }

    /// Hands the serving table to `read`, and its successor where that table is gone.
    public func reading<T: Sendable>(_ read: (_ table: String) async throws -> T) async throws -> T {
        do {
            return try await read(names.table(try await generation()))
        } catch let error as AWSError where error.isNotFound {
            known.withLock { $0 = nil }
            return try await read(names.table(try await generation()))
        }
    }

    private func generation() async throws -> Generation {
        if let known = known.withLock({ $0 }), ContinuousClock.now - known.at < Self.lifetime { return known.generation }
        // Before the read: what it tells may be as old as that.
        let at = ContinuousClock.now
        let generation = try await ReadModelState.read(dynamo, names, readModel).servingGeneration
        known.withLock { $0 = (generation, at) }
        return generation
    }
}
