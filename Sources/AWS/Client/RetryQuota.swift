import Synchronization

/// The client's allowance of retries, so that a service in trouble is not asked three times by everyone (AWS' standard mode: 500 tokens; a
/// retry costs 5, one after a timeout 10; a success pays back what its last retry cost, or 1).
final class RetryQuota: Sendable {
    static let capacity = 500

    private let tokens = Mutex(RetryQuota.capacity)

    var available: Int { tokens.withLock { $0 } }

    /// The price paid, or nil where there isn't enough left.
    func pay(afterTimeout: Bool) -> Int? {
        let price = afterTimeout ? 10 : 5
        return tokens.withLock { tokens in
            guard tokens >= price else { return nil }
            tokens -= price
            return price
        }
    }

    /// - Parameter price: of the last retry; nil where the first try succeeded.
    func succeeded(price: Int?) {
        tokens.withLock { $0 = min(Self.capacity, $0 + (price ?? 1)) }
    }
}
