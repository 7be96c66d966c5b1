import Foundation

/// What traffic to make, and where to.
public struct TrafficOptions: Sendable {
    /// Where to connect: scheme, host and port.
    public var endpoint: String
    /// The API's domain, sent as the `Host` header.
    public var domain: String
    /// How many clients work at the same time, each waiting for its answer before it goes on.
    public var clients: Int
    /// The same seed makes the same orders.
    public var seed: UInt64
    /// The file that every request is written to, as a JSON object a line.
    public var journalPath: String
    /// The stack's shard count: aggregates hash onto shards.
    public var shards: Int
    /// The shards that three of four orders fall on, so that a pause of one shows.
    public var watchedShards: Int
    /// The domain of the customers' addresses.
    public var mailDomain: String
    /// For one request.
    public var timeout: Duration
    /// How long a request that got no answer, 429 or 5xx is sent again, with the same key; zero: never. What is answered after that is
    /// its answer, as any client with an idempotency key would have it.
    public var patience: Duration

    public init(
        endpoint: String, domain: String, clients: Int, seed: UInt64 = 1, journalPath: String, shards: Int = 64,
        watchedShards: Int = 4, mailDomain: String = "example.org", timeout: Duration = .seconds(30),
        patience: Duration = .zero
    ) {
        self.endpoint = endpoint
        self.domain = domain
        self.clients = clients
        self.seed = seed
        self.journalPath = journalPath
        self.shards = max(1, shards)
        self.watchedShards = min(max(1, watchedShards), max(1, shards))
        self.mailDomain = mailDomain
        self.timeout = timeout
        self.patience = patience
    }
}
