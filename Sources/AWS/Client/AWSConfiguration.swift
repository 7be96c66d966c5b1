#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What a client needs to know before its first request.
public struct AWSConfiguration: Sendable {
    public var region: String
    public var credentials: any CredentialProvider
    public var endpoints: EndpointResolver
    public var retry: RetryPolicy
    /// For one try of one request, until its answer begins, and once more until it is complete. The time to send a large body comes on top.
    public var timeout: Duration

    public init(
        region: String, credentials: any CredentialProvider, endpoints: EndpointResolver = EndpointResolver(),
        retry: RetryPolicy = RetryPolicy(), timeout: Duration = .seconds(30)
    ) {
        self.region = region
        self.credentials = credentials
        self.endpoints = endpoints
        self.retry = retry
        self.timeout = timeout
    }

    /// With what a body may take to be sent, at half a megabit a second.
    func timeout(of body: [UInt8], atMost limit: Duration? = nil) -> Duration {
        (limit.map { min($0, timeout) } ?? timeout) + .milliseconds(body.count / 64)
    }

    /// Reads what AWS' own tools read: `AWS_REGION`, `AWS_DEFAULT_REGION` or the profile's region; the endpoints (see
    /// `EndpointResolver`); `AWS_MAX_ATTEMPTS`; and the usual chain of credentials, which is only walked at the first request.
    /// - Parameter command: runs a profile's `credential_process`; without it such a profile is an error.
    /// - Throws: `ConfigurationError` for a missing region or profile, or a malformed file, number or URL.
    public static func resolve(
        environment: [String: String] = ProcessInfo.processInfo.environment, running command: CredentialCommand? = nil
    ) throws -> AWSConfiguration {
        try resolve(environment: environment, transport: AsyncHTTPTransport.shared, running: command)
    }

    static func resolve(
        environment: [String: String], transport: any HTTPTransport, running command: CredentialCommand? = nil
    ) throws -> AWSConfiguration {
        let profiles = try ProfileFiles.load(environment: environment)
        let profile = try profiles.selected()
        let region = environment["AWS_REGION"] ?? environment["AWS_DEFAULT_REGION"] ?? profile?["region"]
        guard let region, !region.isEmpty else {
            throw ConfigurationError(
                "no AWS region is set", hint: "set AWS_REGION, or 'region' in the profile '\(profiles.selectedName)'")
        }
        let endpoints = try EndpointResolver.resolve(environment: environment, profile: profile)
        let context = CredentialContext(
            environment: environment, profiles: profiles, region: region, endpoints: endpoints, transport: transport,
            run: command)
        return AWSConfiguration(
            region: region, credentials: CachedCredentials(CredentialChain.standard(context)), endpoints: endpoints,
            retry: try RetryPolicy.resolve(environment: environment, profile: profile))
    }
}

/// A setting is missing or can't be read.
public struct ConfigurationError: Error, Sendable, Hashable, CustomStringConvertible {
    public var problem: String
    public var hint: String

    public init(_ problem: String, hint: String) {
        self.problem = problem
        self.hint = hint
    }

    public var description: String { "\(problem); \(hint)" }
}
