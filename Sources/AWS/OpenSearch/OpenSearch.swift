/// A domain of Amazon OpenSearch Service, or another server of OpenSearch's REST API: the part that index read models need.
///
/// Names of indexes and aliases are lower-case letters, digits and hyphens.
public struct OpenSearch: Sendable {
    let client: AWSClient

    /// The client's credentials, retries and connections; the endpoint is the domain's own.
    public init(_ client: AWSClient, endpoint: Endpoint) {
        var configuration = client.configuration
        configuration.endpoints = EndpointResolver(forAll: endpoint)
        self.client = AWSClient(configuration, transport: client.transport, clock: client.clock)
    }

    public var clock: ClientClock { client.clock }

    /// What the server says that it is, e.g. `opensearch 2.19.0`.
    public func version() async throws -> String {
        let version = try await call("Info", "GET", "/")["version"]
        return "\(version["distribution"].string ?? "elasticsearch") \(version["number"].string ?? "?")"
    }

    /// - Parameter mappings: OpenSearch's `mappings` object.
    /// - Throws: `AWSError` with `isAlreadyExists` where there is one of the name.
    public func createIndex(_ name: String, mappings: JSON) async throws {
        _ = try await call("CreateIndex", "PUT", "/\(name)", ["mappings": mappings])
    }

    /// - Throws: `AWSError` with `isNotFound`.
    public func deleteIndex(_ name: String) async throws {
        _ = try await call("DeleteIndex", "DELETE", "/\(name)")
    }

    /// The `mappings` object of an index; nil where there is no such index.
    public func mappings(of index: String) async throws -> JSON? {
        do {
            return try await call("GetIndex", "GET", "/\(index)")[index]["mappings"]
        } catch let error as AWSError where error.isNotFound {
            return nil
        }
    }

    /// The indexes that an alias leads to.
    public func indexes(of alias: String) async throws -> [String] {
        do {
            return try await call("GetAlias", "GET", "/_alias/\(alias)").object?.keys.sorted() ?? []
        } catch let error as AWSError where error.isNotFound {
            return []
        }
    }

    /// Leads an alias from some indexes to another, in one step.
    public func moveAlias(_ alias: String, from old: [String], to index: String) async throws {
        func action(_ kind: String, _ index: String) -> JSON { [kind: ["index": .string(index), "alias": .string(alias)]] }
        let actions = old.map { action("remove", $0) } + [action("add", index)]
        _ = try await call("UpdateAliases", "POST", "/_aliases", ["actions": .array(actions)])
    }

    /// Lets searches see all that was written before.
    public func refresh(_ index: String) async throws {
        _ = try await call("Refresh", "POST", "/\(index)/_refresh")
    }

    /// Documents that searches see.
    public func count(_ index: String) async throws -> Int {
        try await call("Count", "POST", "/\(index)/_count", [:])["count"].int ?? 0
    }

    func call(_ operation: String, _ method: String, _ path: String, _ body: [String: JSON]? = nil) async throws -> JSON {
        try await client.rest(.openSearch, operation, method, path, body)
    }
}
