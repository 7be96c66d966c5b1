/// How often and how fast a failed request is sent again: AWS' "standard" mode.
public struct RetryPolicy: Sendable, Hashable {
    /// All tries, the first one included.
    public var maxAttempts: Int
    /// The longest pause before the second try; it doubles with each further one.
    public var base: Duration
    /// The same after the service has said that it is being asked too much.
    public var throttlingBase: Duration
    public var cap: Duration

    public init(
        maxAttempts: Int = 3, base: Duration = .milliseconds(50), throttlingBase: Duration = .milliseconds(500),
        cap: Duration = .seconds(20)
    ) {
        self.maxAttempts = maxAttempts
        self.base = base
        self.throttlingBase = throttlingBase
        self.cap = cap
    }

    /// A single try.
    public static let never = RetryPolicy(maxAttempts: 1)

    /// The pause after the `attempt`th try (from 1): full jitter, `random` (0 ..< 1) of the exponential bound.
    public func delay(after attempt: Int, throttled: Bool = false, random: Double) -> Duration {
        let doublings = min(max(attempt - 1, 0), 30)
        let bound = min(cap, (throttled ? throttlingBase : base) * (1 << doublings))
        return bound * min(max(random, 0), 1)
    }

    static func resolve(environment: [String: String], profile: Profile?) throws -> RetryPolicy {
        var policy = RetryPolicy()
        if let text = environment["AWS_MAX_ATTEMPTS"] ?? profile?["max_attempts"] {
            guard let attempts = Int(text), attempts >= 1 else {
                throw ConfigurationError(
                    "'\(text)' is no number of attempts", hint: "set AWS_MAX_ATTEMPTS to 1 or more, or unset it")
            }
            policy.maxAttempts = attempts
        }
        return policy
    }
}

/// Which failures of a request are worth another try.
public enum RetryRule: Sendable, Hashable {
    /// Throttling, 5xx and broken connections: for requests that may be carried out twice.
    case whenTransient
    /// The same without throttling, which its caller follows.
    case unlessThrottled
    /// Only where it was certainly not carried out: no connection, or refused as too much.
    case whenRefused
    /// Only where it was certainly not sent.
    case whenUnsent
}

/// What a failed try says about the next one.
enum FailureKind: Sendable, Hashable {
    case unsent, throttling, transient, timeout, expiredCredentials, final

    func isRetried(under rule: RetryRule) -> Bool {
        switch self {
        case .unsent: true
        case .throttling: rule == .whenTransient || rule == .whenRefused
        case .transient, .timeout: rule == .whenTransient || rule == .unlessThrottled
        case .expiredCredentials, .final: false
        }
    }
}
