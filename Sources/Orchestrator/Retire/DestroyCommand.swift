import AWS
import EventStore

/// `immutable destroy`: removes a stack with everything it has: every release, the ledger, the effect journal, the domain's mapping.
public struct DestroyCommand: Sendable {
    public let cloud: Cloud
    public let stack: String
    private let sink: ProgressSink
    private let confirm: @Sendable ([String]) async throws -> Bool

    /// `confirm` gets the releases that still have resources.
    public init(cloud: Cloud, stack: String, sink: @escaping ProgressSink, confirm: @escaping @Sendable ([String]) async throws -> Bool) {
        self.cloud = cloud
        self.stack = stack
        self.sink = sink
        self.confirm = confirm
    }

    /// Returns whether the stack was removed.
    public func run() async throws -> Bool {
        _ = try await StackView.load(cloud, stack)
        let lock = try await StackLock.acquire(cloud.dynamo, stack, doing: "destroy")
        do {
            let view = try await StackView.load(cloud, stack)
            let releases = view.releases.filter(\.state.hasResources)
            guard try await confirm(releases.map(\.release)) else {
                try await lock.release()
                return false
            }
            if let any = view.live ?? releases.last {
                sink(.step("address", why: "no request reaches the stack any more"))
                try await DomainRouter(cloud: cloud, stack: any.manifest).remove()
            }
            let provisioner = Provisioner(cloud: cloud, sink: sink)
            for record in releases {
                sink(.step("remove \(record.release)", why: "with its events"))
                try await provisioner.delete(record.rebuiltTables(in: cloud))
                try await provisioner.delete(Blueprint(record).resources(in: cloud, artifact: nil))
            }
            sink(.step("remove the ledger", why: "the stack is gone with it"))
            try await provisioner.delete(StackTables(names: view.names).resources)
            // The lock is one of these items: it goes last.
            let items = try await cloud.dynamo.controlItems(stack)
            let keys = items.map { ["stack": $0["stack"] ?? .null, "item": $0["item"] ?? .null] }
            let isLock: (Item) -> Bool = { $0["item"]?.string == "lock" }
            try await cloud.dynamo.batchDelete(StackNames.control, keys: keys.filter { !isLock($0) })
            try await cloud.dynamo.batchDelete(StackNames.control, keys: keys.filter(isLock))
            return true
        } catch {
            try? await lock.release()
            throw error
        }
    }
}
