import AWS
import EventStore
import StackDescription

/// The aliases by which others than the API find the live release's search indexes.
struct IndexAliases: Sendable {
    let cloud: Cloud

    /// Leads each alias of the release to its index, in one step, away from that of another release.
    func route(to release: ReleaseRecord) async throws {
        for model in release.manifest.readModels {
            guard let alias = model.alias else { continue }
            let openSearch = try cloud.openSearch(of: release.manifest)
            let index = release.names.readModel(model.name)
            let current = try await openSearch.indexes(of: alias)
            if current == [index] { continue }
            if let foreign = current.first(where: { !ReleaseNames.isPart($0, of: release.stack) }) {
                throw ForeignAlias(alias: alias, index: foreign)
            }
            do {
                try await openSearch.moveAlias(alias, from: current.filter { $0 != index }, to: index)
            } catch let error as AWSError where error.isNotFound {
                // A try whose answer was lost has moved it already.
                guard try await openSearch.indexes(of: alias) == [index] else { throw error }
            }
        }
    }
}

/// An alias that leads to an index of someone else.
public struct ForeignAlias: Error, Sendable, CustomStringConvertible {
    public var alias: String
    public var index: String

    public var description: String {
        "the alias '\(alias)' leads to the index '\(index)', which isn't of this stack. Remove that alias, or name another in Stack.swift; then run the same command again."
    }
}
