#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// One entry of the effect journal: claim → act → done.
public struct EffectClaim: Sendable, Hashable {
    public enum State: String, Sendable, Codable {
        /// Someone is about to act. Followed by `done`, or by `inDoubt` when the claim expires.
        case claimed
        /// The act was done.
        case done
        /// The claim expired: the act may have been done or not. A person decides: followed by `done` or `retry`.
        case inDoubt = "in-doubt"
        /// A person or the reactor's policy said to act again. Followed by `claimed`.
        case retry
    }

    public var state: State
    /// Unique to the try that claimed.
    public var claim: String
    public var expires: Date

    public init(state: State, claim: String, expires: Date) {
        self.state = state
        self.claim = claim
        self.expires = expires
    }

    public enum Verdict: Sendable, Hashable {
        /// Claim it and act.
        case act
        /// Done, or with a person: go on to the next effect.
        case skip
        /// Another try holds it: leave the stream's cursor where it is.
        case busy
        /// Mark it in doubt, then go on.
        case park
    }

    /// What a reactor does about an effect whose journal entry is `existing`.
    public static func verdict(on existing: EffectClaim?, retriesAfterCrash: Bool, now: Date) -> Verdict {
        guard let existing else { return .act }
        switch existing.state {
        case .done, .inDoubt: return .skip
        case .retry: return .act
        case .claimed where existing.expires > now: return .busy
        case .claimed: return retriesAfterCrash ? .act : .park
        }
    }
}
