/// API Gateway v2: HTTP and WebSocket APIs with their integrations, routes and stages. Domain names are in a file of their own.
public struct APIGateway: Sendable {
    public enum ProtocolType: String, Sendable, Hashable {
        case http = "HTTP"
        case webSocket = "WEBSOCKET"
    }

    public struct ApiDescription: Sendable, Hashable {
        public var id: String
        public var name: String
        /// `https://…` or `wss://…`, without a stage.
        public var endpoint: String
        public var protocolType: ProtocolType?
        public var tags: [String: String]
    }

    public struct Integration: Sendable, Hashable {
        public var id: String
        public var uri: String
    }

    public struct Route: Sendable, Hashable {
        public var id: String
        /// E.g. `POST /orders` or `$default`.
        public var key: String
        /// `integrations/<id>`.
        public var target: String?
    }

    public struct Stage: Sendable, Hashable {
        public var name: String
        public var autoDeploy: Bool
        public var deploymentId: String?
        /// Of the last automatic deployment.
        public var lastDeploymentMessage: String?
    }

    let client: AWSClient

    public init(_ client: AWSClient) {
        self.client = client
    }

    /// Names of APIs are not unique: look for one first. Not sent again where it may have been carried out.
    public func createApi(
        _ name: String, protocolType: ProtocolType = .http, tags: [String: String] = [:]
    ) async throws -> ApiDescription {
        var body: [String: JSON] = ["name": .string(name), "protocolType": .string(protocolType.rawValue)]
        if protocolType == .webSocket { body["routeSelectionExpression"] = "$request.body.action" }
        if !tags.isEmpty { body["tags"] = .strings(tags) }
        return ApiDescription(try await create("CreateApi", "/v2/apis", body))
    }

    public func listApis() async throws -> [ApiDescription] {
        try await list("GetApis", "/v2/apis").map(ApiDescription.init)
    }

    public func findApis(name: String) async throws -> [ApiDescription] {
        try await listApis().filter { $0.name == name }
    }

    /// With its stages, routes and integrations; not while a domain's mapping leads to it. Nothing happens where there is no such API.
    public func deleteApi(_ id: String) async throws {
        try await delete("DeleteApi", Self.path(id))
    }

    /// A Lambda proxy integration, payload format 2.0. Not sent again where it may have been carried out.
    public func createIntegration(
        api: String, lambdaArn: String, protocolType: ProtocolType = .http, timeout: Duration? = nil
    ) async throws -> Integration {
        var body: [String: JSON] = ["integrationType": "AWS_PROXY", "integrationMethod": "POST"]
        switch protocolType {
        case .http:
            body["integrationUri"] = .string(lambdaArn)
            body["payloadFormatVersion"] = "2.0"
        case .webSocket:
            // WebSocket APIs know only the long form.
            body["integrationUri"] = .string(
                "arn:aws:apigateway:\(client.region):lambda:path/2015-03-31/functions/\(lambdaArn)/invocations")
        }
        if let timeout { body["timeoutInMillis"] = .int(timeout.nanoseconds / 1_000_000) }
        return Integration(try await create("CreateIntegration", Self.path(api) + "/integrations", body))
    }

    public func listIntegrations(api: String) async throws -> [Integration] {
        try await list("GetIntegrations", Self.path(api) + "/integrations").map(Integration.init)
    }

    /// - Parameters:
    ///   - key: `GET /orders/{orderId}`, `$default`, `$connect`, …
    ///   - integration: its id.
    /// - Throws: `AWSError`, with `isAlreadyExists` where the API has this route.
    @discardableResult
    public func createRoute(api: String, key: String, integration: String) async throws -> Route {
        Route(
            try await create(
                "CreateRoute", Self.path(api) + "/routes",
                ["routeKey": .string(key), "target": .string("integrations/\(integration)")]))
    }

    public func listRoutes(api: String) async throws -> [Route] {
        try await list("GetRoutes", Self.path(api) + "/routes").map(Route.init)
    }

    /// - Throws: `AWSError`, with `isAlreadyExists` where the API has this stage.
    @discardableResult
    public func createStage(
        api: String, name: String, autoDeploy: Bool = true, tags: [String: String] = [:]
    ) async throws -> Stage {
        var body: [String: JSON] = ["stageName": .string(name), "autoDeploy": .bool(autoDeploy)]
        if !tags.isEmpty { body["tags"] = .strings(tags) }
        return Stage(try await create("CreateStage", Self.path(api) + "/stages", body))
    }

    /// - Returns: nil where there is no such stage or API.
    public func getStage(api: String, name: String) async throws -> Stage? {
        try await get("GetStage", Self.path(api) + "/stages/\(name.percentEncoded())").map(Stage.init)
    }

    private static func path(_ api: String) -> String { "/v2/apis/\(api.percentEncoded())" }
}

extension APIGateway {
    func create(_ operation: String, _ path: String, _ body: [String: JSON]) async throws -> JSON {
        try await client.rest(.apiGateway, operation, "POST", path, body, retry: .whenRefused)
    }

    func get(_ operation: String, _ path: String) async throws -> JSON? {
        do {
            return try await client.rest(.apiGateway, operation, "GET", path)
        } catch let error as AWSError where error.isNotFound {
            return nil
        }
    }

    func list(_ operation: String, _ path: String) async throws -> [JSON] {
        var items: [JSON] = []
        var token: String?
        repeat {
            let query = [("maxResults", "100")] + (token.map { [("nextToken", $0)] } ?? [])
            let page = try await client.rest(
                .apiGateway, operation, "GET", path, query: query.map { (name: $0.0, value: $0.1) })
            items += page["items"].array ?? []
            token = page["nextToken"].string.flatMap { $0.isEmpty ? nil : $0 }
        } while token != nil
        return items
    }

    func delete(_ operation: String, _ path: String) async throws {
        do {
            _ = try await client.rest(.apiGateway, operation, "DELETE", path)
        } catch let error as AWSError where error.isNotFound {}
    }
}

extension APIGateway.ApiDescription {
    fileprivate init(_ json: JSON) {
        id = json["apiId"].string ?? ""
        name = json["name"].string ?? ""
        endpoint = json["apiEndpoint"].string ?? ""
        protocolType = json["protocolType"].string.flatMap(APIGateway.ProtocolType.init(rawValue:))
        tags = (json["tags"].object ?? [:]).compactMapValues(\.string)
    }
}

extension APIGateway.Integration {
    fileprivate init(_ json: JSON) {
        id = json["integrationId"].string ?? ""
        uri = json["integrationUri"].string ?? ""
    }
}

extension APIGateway.Route {
    fileprivate init(_ json: JSON) {
        id = json["routeId"].string ?? ""
        key = json["routeKey"].string ?? ""
        target = json["target"].string
    }
}

extension APIGateway.Stage {
    fileprivate init(_ json: JSON) {
        name = json["stageName"].string ?? ""
        autoDeploy = json["autoDeploy"].bool ?? false
        deploymentId = json["deploymentId"].string
        lastDeploymentMessage = json["lastDeploymentStatusMessage"].string
    }
}
