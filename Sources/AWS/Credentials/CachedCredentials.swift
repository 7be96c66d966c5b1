#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Keeps what a provider gave until shortly before it expires. One refresh at a time: whoever asks during it waits for it.
public actor CachedCredentials: CredentialProvider {
    /// From this long before the expiration, new ones are fetched; a failure is no error while the old ones last.
    static let refreshAhead: TimeInterval = 5 * 60
    /// From this long before the expiration, the old ones are not given out any more.
    static let unusableAhead: TimeInterval = 30
    /// After a failed refresh ahead of time, the next one waits this long.
    static let pauseAfterFailure: TimeInterval = 30

    private let source: any CredentialProvider
    private let now: @Sendable () -> Date
    private var cached: Credentials?
    private var refresh: Task<Credentials, any Error>?
    private var noRefreshBefore = Date.distantPast

    public init(_ source: any CredentialProvider, now: @escaping @Sendable () -> Date = { Date() }) {
        self.source = source
        self.now = now
    }

    public func credentials() async throws -> Credentials {
        guard let cached else { return try await refreshed() }
        guard let expiration = cached.expiration else { return cached }
        let left = expiration.timeIntervalSince(now())
        if left > Self.refreshAhead { return cached }
        if left > Self.unusableAhead {
            guard noRefreshBefore <= now() else { return cached }
            do {
                return try await refreshed()
            } catch {
                noRefreshBefore = now().addingTimeInterval(Self.pauseAfterFailure)
                return cached
            }
        }
        return try await refreshed()
    }

    public func discard(_ refused: Credentials) async {
        await source.discard(refused)
        if cached == refused { cached = nil }
    }

    private func refreshed() async throws -> Credentials {
        if let refresh { return try await refresh.value }
        // A task of its own, so that a cancelled caller doesn't fail the others.
        let task = Task { [source] in try await source.credentials() }
        refresh = task
        defer { refresh = nil }
        let fresh = try await task.value
        cached = fresh
        return fresh
    }
}
