/// Where the stack's search indexes are. The domain exists already, and outlives releases; each release has indexes of its own in it.
public struct SearchDomain: Codable, Sendable, Hashable {
    /// `https://` and a host.
    public var endpoint: String
    /// The domain's name; absent: the endpoint tells it.
    public var domain: String?

    /// A domain of Amazon OpenSearch Service, outside of any VPC.
    ///
    /// - Parameters:
    ///   - endpoint: as AWS gave it, `https://search-<domain>-<id>.<region>.es.amazonaws.com`, or a custom one.
    ///   - domain: the domain's name, which a custom endpoint doesn't tell: the functions' roles name it.
    public static func openSearch(endpoint: String, domain: String? = nil) -> SearchDomain {
        SearchDomain(endpoint: endpoint, domain: domain)
    }

    /// The domain's name, where it is given or the endpoint tells it.
    public var name: String? {
        if let domain { return domain }
        let host = endpoint.split(separator: "/").last.map(String.init) ?? ""
        let parts = host.split(separator: ".").first?.split(separator: "-").map(String.init) ?? []
        guard isAmazons, parts.count > 2 else { return nil }
        return parts.dropFirst().dropLast().joined(separator: "-")
    }

    /// Whether the endpoint is one that AWS gave.
    var isAmazons: Bool {
        ["search-", "vpc-"].contains { endpoint.hasPrefix("https://" + $0) }
            && [".es.amazonaws.com", ".es.amazonaws.com.cn"].contains(where: endpoint.hasSuffix)
    }
}
