import EventSourcing
import EventStore

/// Retires a release that owns nothing, under the stack's lock. Every step can be done again.
package struct Retirement: Sendable {
    let removal: ReleaseRemoval
    let router: any TrafficRouter
    /// Returns once every effect of what was first committed in the release is done or with a person.
    let settle: @Sendable (ReleaseRecord) async throws -> Void

    package init(removal: ReleaseRemoval, router: any TrafficRouter, settle: @escaping @Sendable (ReleaseRecord) async throws -> Void) {
        self.removal = removal
        self.router = router
        self.settle = settle
    }

    /// Throws ``StillOwner`` where the release owns a shard.
    /// - Parameter all: the stack's releases.
    package func run(_ record: ReleaseRecord, live: ReleaseRecord, of all: [ReleaseRecord]) async throws {
        let sink = removal.sink
        var record = record
        // Before anything is stored: one that owns the writes must not be left `retiring`.
        try await removal.check(record.release)
        sink(.step("confirm", why: "the domain must lead to \(live.release)"))
        guard try await router.current(of: all) == live.release else {
            throw ResourceFailed(id: "domain \(live.manifest.api.domain)", reason: "doesn't lead to \(live.release)")
        }
        try await router.confirm(live.release)
        if record.state != .retiring {
            sink(.step("settle", why: "every effect of what was first committed in \(record.release) is done or with a person"))
            try await settle(record)
            // From here on its tables may be gone: a rerun must not look into them.
            record.state = .retiring
            try await removal.releases.advance(record, fence: removal.lock.fence)
        }
        try await removal.run(record, as: .retired)
    }
}
