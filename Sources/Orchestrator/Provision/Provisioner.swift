import AWS

/// Creates and removes the resources of a release side by side, each as soon as those it needs are ready.
public struct Provisioner: Sendable {
    public let cloud: Cloud
    private let sink: ProgressSink

    public init(cloud: Cloud, sink: @escaping ProgressSink) {
        self.cloud = cloud
        self.sink = sink
    }

    /// At most this many resources are worked on at a time: control planes throttle.
    private static let width = 12
    private static let deadline: Duration = .seconds(300)

    /// Brings every resource to `ready`.
    public func create(_ resources: [any Resource]) async throws {
        let cloud = cloud
        try await inOrder(resources, needs: { $0.dependencies }, "resources ready") { resource in
            let wasReady: Bool = try await patience().run {
                // Looked at before each try: one that failed may have been carried out in part.
                switch try await resource.state(in: cloud) {
                case .ready: return true
                case .absent: try await resource.create(in: cloud)
                case .pending: try await resource.settle(in: cloud)
                }
                return false
            }
            if !wasReady { try await wait("\(resource.id) is ready", for: .ready, of: resource) }
        }
    }

    /// Removes every resource, those that need others first.
    public func delete(_ resources: [any Resource]) async throws {
        let cloud = cloud
        var users: [String: [String]] = [:]
        for resource in resources {
            for dependency in resource.dependencies { users[dependency, default: []].append(resource.id) }
        }
        let usersOf = users
        try await inOrder(resources, needs: { usersOf[$0.id] ?? [] }, "resources removed") { resource in
            try await patience().run { try await resource.delete(in: cloud) }
            try await wait("\(resource.id) is removed", for: .absent, of: resource)
        }
    }

    private func patience() -> Patience { Patience(Self.deadline, clock: cloud.dynamo.clock) }

    private func wait(_ what: String, for state: ResourceState, of resource: any Resource) async throws {
        let patience = patience()
        try await waitUntil(what, deadline: Self.deadline, clock: cloud.dynamo.clock) {
            let now = try await patience.run { try await resource.state(in: cloud) }
            return now == state
        }
    }

    private func inOrder(
        _ resources: [any Resource], needs: (any Resource) -> [String], _ unit: String,
        _ work: @escaping @Sendable (any Resource) async throws -> Void
    ) async throws {
        let known = Set(resources.map(\.id))
        var waiting = Dictionary(
            resources.map { ($0.id, Set(needs($0)).intersection(known)) }, uniquingKeysWith: { first, _ in first })
        let byId = Dictionary(resources.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        try await withThrowingTaskGroup(of: String.self) { group in
            var running = 0
            var done = 0
            func startReady() {
                for (id, open) in waiting.sorted(by: { $0.key < $1.key }) where open.isEmpty && running < Self.width {
                    guard let resource = byId[id] else { continue }
                    waiting[id] = nil
                    running += 1
                    group.addTask {
                        do {
                            try await work(resource)
                        } catch let error where !(error is CancellationError) {
                            throw ResourceFailed(id: id, reason: "\(error)")
                        }
                        return id
                    }
                }
            }
            startReady()
            while let id = try await group.next() {
                running -= 1
                done += 1
                sink(.count(unit, done: done, total: resources.count))
                for other in waiting.keys { waiting[other]?.remove(id) }
                startReady()
            }
        }
    }
}
