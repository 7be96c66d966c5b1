import AWS

/// The HTTP API of a release: one route per command and query, `$default`, and the release's well-known address.
struct HTTPAPI: Resource {
    var name: String
    var stage: String
    /// Route keys to function names.
    var routes: [String: String]
    var tags: [String: String]

    var id: String { "api \(name)" }
    var dependencies: [String] { Set(routes.values).sorted().map(Function.id) }

    /// The API of this name: names aren't unique to the service, so a lost answer may have left two; the first one counts.
    static func find(_ name: String, in cloud: Cloud) async throws -> APIGateway.ApiDescription? {
        try await cloud.apiGateway.findApis(name: name).min { $0.id < $1.id }
    }

    func state(in cloud: Cloud) async throws -> ResourceState {
        guard let api = try await Self.find(name, in: cloud) else { return .absent }
        // The stage is made last.
        return try await cloud.apiGateway.getStage(api: api.id, name: stage) == nil ? .pending : .ready
    }

    func create(in cloud: Cloud) async throws {
        let gateway = cloud.apiGateway
        let api: APIGateway.ApiDescription
        if let found = try await Self.find(name, in: cloud) {
            api = found
        } else {
            api = try await gateway.createApi(name, tags: tags)
        }
        var integrations = Dictionary(
            try await gateway.listIntegrations(api: api.id).map { ($0.uri, $0.id) }, uniquingKeysWith: { first, _ in first })
        let present = Set(try await gateway.listRoutes(api: api.id).map(\.key))
        for (route, function) in routes.sorted(by: { $0.key < $1.key }) where !present.contains(route) {
            let arn = cloud.functionARN(function)
            let integration: String
            if let found = integrations[arn] {
                integration = found
            } else {
                integration = try await gateway.createIntegration(api: api.id, lambdaArn: arn).id
                integrations[arn] = integration
            }
            try await gateway.createRoute(api: api.id, key: route, integration: integration)
        }
        for function in Set(routes.values).sorted() {
            do {
                try await cloud.lambda.addPermission(
                    function, statementId: "api-\(api.id)", principal: "apigateway.amazonaws.com",
                    sourceArn: "arn:aws:execute-api:\(cloud.region):\(cloud.account):\(api.id)/*/*")
            } catch let error as AWSError where error.isAlreadyExists {}
        }
        do {
            try await gateway.createStage(api: api.id, name: stage, autoDeploy: true, tags: tags)
        } catch let error as AWSError where error.isAlreadyExists {}
    }

    func settle(in cloud: Cloud) async throws { try await create(in: cloud) }

    func delete(in cloud: Cloud) async throws {
        for api in try await cloud.apiGateway.findApis(name: name) {
            do {
                try await cloud.apiGateway.deleteApi(api.id)
            } catch let error as AWSError where error.isNotFound {}
        }
    }
}
