import AWS
import StackDescription

extension Cloud {
    /// The variable that leads to another server than the manifest's domain: the local cloud's, or a proxy of one's own.
    public static let searchVariable = "IMMUTABLE_SEARCH_ENDPOINT"

    /// Where a stack's search indexes are; `nil` where it has no domain. A local cloud has a server of its own: nothing local reaches a domain on AWS.
    func searchEndpoint(of stack: Stack) -> Endpoint? {
        if let searchOverride { return searchOverride }
        return isLocal ? nil : stack.search.flatMap { try? Endpoint($0.endpoint) }
    }

    func openSearch(of stack: Stack) throws -> OpenSearch {
        guard let endpoint = searchEndpoint(of: stack) else { throw NoSearchEndpoint(isLocal: isLocal) }
        return OpenSearch(client, endpoint: endpoint)
    }

    /// What the roles of functions name.
    func searchARN(_ domain: String, _ path: String) -> String { "arn:aws:es:\(region):\(account):domain/\(domain)/\(path)" }
}

/// Nobody says where search indexes are.
public struct NoSearchEndpoint: Error, Sendable, CustomStringConvertible {
    public var isLocal: Bool

    public var description: String {
        isLocal
            ? "the local cloud's search server is not known: \(Cloud.searchVariable) is not set\nhint: eval \"$(immutable local start)\" sets it"
            : "the stack names no search domain\nhint: add `search: .openSearch(endpoint: \"https://…\")` to Stack.swift"
    }
}
