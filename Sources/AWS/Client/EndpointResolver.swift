/// Where a service is reached: scheme, host with port, and a path in front of the request's own.
public struct Endpoint: Sendable, Hashable, CustomStringConvertible {
    public var scheme: String
    /// Host, with its port where it isn't the scheme's own: the value of the `host` header.
    public var authority: String
    /// Empty, or begins with a slash and doesn't end with one.
    public var pathPrefix: String
    /// The region to sign for, where the endpoint decides it (global services).
    public var signingRegion: String?

    public var description: String { "\(scheme)://\(authority)\(pathPrefix)/" }

    /// - Throws: `ConfigurationError` unless the text is `http://host[:port][/path]` or the same with https.
    public init(_ text: String, signingRegion: String? = nil) throws {
        let parts = text.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
        let scheme = parts.first.map { $0.lowercased() } ?? ""
        guard parts.count >= 3, scheme == "http:" || scheme == "https:", parts[1].isEmpty, !parts[2].isEmpty,
            !parts[2].contains(where: { $0.isWhitespace || $0 == "@" || $0 == "?" || $0 == "#" })
        else {
            throw ConfigurationError(
                "'\(text)' is not an endpoint URL",
                hint: "it must look like http://127.0.0.1:4566 or https://dynamodb.eu-west-1.amazonaws.com")
        }
        self.scheme = String(scheme.dropLast())
        var authority = parts[2].lowercased()
        let ownPort = scheme == "http:" ? ":80" : ":443"
        if authority.hasSuffix(ownPort) { authority.removeLast(ownPort.count) }
        self.authority = authority
        var prefix = parts.count > 3 ? "/" + parts[3] : ""
        while prefix.hasSuffix("/") { prefix.removeLast() }
        pathPrefix = prefix
        self.signingRegion = signingRegion
    }

    private init(https host: String, signingRegion: String?) {
        scheme = "https"
        authority = host
        pathPrefix = ""
        self.signingRegion = signingRegion
    }

    /// The service's public endpoint, by AWS' naming rule of the region's partition.
    public static func standard(for service: AWSService, region: String) -> Endpoint {
        let isChina = region.hasPrefix("cn-")
        let isGovernment = region.hasPrefix("us-gov-")
        let domain = isChina ? "amazonaws.com.cn" : "amazonaws.com"
        guard service.isGlobal else {
            return Endpoint(https: "\(service.endpointPrefix).\(region).\(domain)", signingRegion: nil)
        }
        if isChina {
            return Endpoint(https: "\(service.endpointPrefix).cn-north-1.\(domain)", signingRegion: "cn-north-1")
        }
        if isGovernment {
            return Endpoint(https: "\(service.endpointPrefix).us-gov.\(domain)", signingRegion: "us-gov-west-1")
        }
        return Endpoint(https: "\(service.endpointPrefix).\(domain)", signingRegion: "us-east-1")
    }
}

/// Chooses the endpoint of a service: one configured for it, one configured for all, else the public one.
public struct EndpointResolver: Sendable, Hashable {
    /// By the service's id, e.g. `DYNAMODB`.
    public var byService: [String: Endpoint]
    public var forAll: Endpoint?

    public init(forAll: Endpoint? = nil, byService: [String: Endpoint] = [:]) {
        self.forAll = forAll
        self.byService = byService
    }

    public func endpoint(for service: AWSService, region: String) -> Endpoint {
        byService[service.id] ?? forAll ?? .standard(for: service, region: region)
    }

    /// Reads `AWS_ENDPOINT_URL_<ID>`, `AWS_ENDPOINT_URL`, the profile's `services` section and its `endpoint_url`, in this order of
    /// precedence, unless `AWS_IGNORE_CONFIGURED_ENDPOINT_URLS` (or the profile) says to ignore them all.
    static func resolve(environment: [String: String], profile: Profile?) throws -> EndpointResolver {
        let ignored =
            environment["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"] ?? profile?["ignore_configured_endpoint_urls"]
        if ignored?.lowercased() == "true" { return EndpointResolver() }

        let prefix = "AWS_ENDPOINT_URL_"
        var byService: [String: Endpoint] = [:]
        for (name, value) in environment where name.hasPrefix(prefix) && !value.isEmpty {
            byService[String(name.dropFirst(prefix.count))] = try Endpoint(value)
        }
        if let all = environment["AWS_ENDPOINT_URL"], !all.isEmpty {
            return EndpointResolver(forAll: try Endpoint(all), byService: byService)
        }
        for (service, url) in profile?.serviceEndpoints ?? [:] where byService[service.uppercased()] == nil {
            byService[service.uppercased()] = try Endpoint(url)
        }
        return EndpointResolver(forAll: try profile?["endpoint_url"].map { try Endpoint($0) }, byService: byService)
    }
}
