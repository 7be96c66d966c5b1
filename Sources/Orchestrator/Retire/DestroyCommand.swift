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
        let token: Int? = try await StackLock.holding(cloud.dynamo, stack, doing: "destroy") { lock in
            try await remove(under: lock) ? lock.token : nil
        }
        guard let token else { return false }
        // The lock's item goes last, and after the lock was given back: as long as it is held, its lease is renewed there. Where another
        // command has the lock by now, or this fails, the item stays: the stack is gone all the same.
        _ = try? await cloud.dynamo.write(
            .delete(
                StackNames.control, ["stack": .s(stack), "item": .s("lock")], if: "#token = :token AND attribute_not_exists(#holder)",
                values: [":token": .int(token)]))
        return true
    }

    /// Returns whether the answer was yes. Everything but the lock's item is gone then.
    private func remove(under lock: StackLock) async throws -> Bool {
        let shown = try await StackView.load(cloud, stack)
        guard try await confirm(withResources(shown).map(\.release)) else { return false }
        // A person takes their time: by now the lock may be another command's, and what was read before out of date.
        try await lock.check()
        let view = try await StackView.load(cloud, stack)
        let releases = withResources(view)
        if let any = view.live ?? releases.last {
            sink(.step("address", why: "no request reaches the stack any more"))
            try await DomainRouter(cloud: cloud, stack: any.manifest).remove()
        }
        let provisioner = Provisioner(cloud: cloud, sink: sink)
        for record in releases {
            try await lock.check()
            sink(.step("remove \(record.release)", why: "with its events"))
            try await provisioner.delete(record.rebuiltTables(in: cloud))
            try await provisioner.delete(Blueprint(record).resources(in: cloud, artifact: nil))
        }
        try await lock.check()
        sink(.step("remove the ledger", why: "the stack is gone with it"))
        try await provisioner.delete(StackTables(names: view.names).resources)
        try await lock.check()
        let items = try await cloud.dynamo.controlItems(stack).filter { $0["item"]?.string != "lock" }
        try await cloud.dynamo.delete(
            items.map { Write.delete(StackNames.control, ["stack": $0["stack"] ?? .null, "item": $0["item"] ?? .null]) }, fence: lock.fence)
        return true
    }

    private func withResources(_ view: StackView) -> [ReleaseRecord] { view.releases.filter(\.state.hasResources) }
}
