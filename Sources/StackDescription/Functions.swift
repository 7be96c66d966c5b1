/// Where the code of a stack's Lambda functions comes from, and the limits that every one of them runs under.
public struct Functions: Codable, Sendable, Hashable {
    /// What is uploaded to Lambda.
    public enum Artifact: Codable, Sendable, Hashable {
        /// An executable product of the Swift package that the manifest is in.
        case swiftProduct(name: String)
        /// A deployment package that something else builds. `path` is relative to the manifest's directory;
        /// `runtime` and `handler` are Lambda's.
        case zip(path: String, runtime: String, handler: String)
    }

    public var artifact: Artifact
    /// MiB, 128 to 10,240 (Lambda).
    public var memory: Int
    /// Seconds, at least 20 and less than 30: a request may wait for a handover (10 s) and must then still be answered
    /// before the HTTP API gives up (30 s).
    public var timeoutSeconds: Int
    /// Reserved concurrency of each command function; absent means that the account's is shared.
    public var concurrency: Int?
    /// Added to what every function of a release gets. Names that begin with `AWS_` or `IMMUTABLE_` are taken.
    public var environment: [String: String]
    /// Days; one of the periods that CloudWatch Logs allows.
    public var logRetentionDays: Int

    public static func swiftProduct(
        _ name: String,
        memory: MemorySize = .mebibytes(512),
        timeout: FunctionTimeout = .seconds(25),
        concurrency: Int? = nil,
        environment: [String: String] = [:],
        logRetention: LogRetention = .days(30)
    ) -> Functions {
        Functions(
            artifact: .swiftProduct(name: name), memory: memory.mebibytes, timeoutSeconds: timeout.seconds,
            concurrency: concurrency, environment: environment, logRetentionDays: logRetention.days)
    }

    public static func zip(
        _ path: String,
        runtime: String,
        handler: String,
        memory: MemorySize = .mebibytes(512),
        timeout: FunctionTimeout = .seconds(25),
        concurrency: Int? = nil,
        environment: [String: String] = [:],
        logRetention: LogRetention = .days(30)
    ) -> Functions {
        Functions(
            artifact: .zip(path: path, runtime: runtime, handler: handler), memory: memory.mebibytes,
            timeoutSeconds: timeout.seconds, concurrency: concurrency, environment: environment,
            logRetentionDays: logRetention.days)
    }
}
