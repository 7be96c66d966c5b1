extension APIGateway {
    public struct DomainName: Sendable, Hashable {
        public var name: String
        /// What a DNS record must point to.
        public var target: String?
        /// `AVAILABLE`, `UPDATING`, `PENDING_CERTIFICATE_REIMPORT` or `PENDING_OWNERSHIP_VERIFICATION`.
        public var status: String?
        public var tags: [String: String]
    }

    /// Which API and stage a path of a domain leads to.
    public struct ApiMapping: Sendable, Hashable {
        public var id: String
        public var apiId: String
        public var stage: String
        /// The path; empty for all of the domain.
        public var key: String
    }

    /// - Throws: `AWSError`, with `isAlreadyExists` where the domain exists.
    @discardableResult
    public func createDomainName(
        _ name: String, certificateArn: String, tags: [String: String] = [:]
    ) async throws -> DomainName {
        var body: [String: JSON] = [
            "domainName": .string(name),
            "domainNameConfigurations": [
                ["certificateArn": .string(certificateArn), "endpointType": "REGIONAL", "securityPolicy": "TLS_1_2"]
            ],
        ]
        if !tags.isEmpty { body["tags"] = .strings(tags) }
        return DomainName(try await create("CreateDomainName", Self.domains, body))
    }

    /// - Returns: nil where there is no such domain.
    public func getDomainName(_ name: String) async throws -> DomainName? {
        try await get("GetDomainName", Self.path(domain: name)).map(DomainName.init)
    }

    /// With its mappings. Nothing happens where there is no such domain.
    public func deleteDomainName(_ name: String) async throws {
        try await delete("DeleteDomainName", Self.path(domain: name))
    }

    /// - Throws: `AWSError`, with `isAlreadyExists` where the domain has a mapping of this key.
    @discardableResult
    public func createApiMapping(
        domain: String, apiId: String, stage: String, key: String = ""
    ) async throws -> ApiMapping {
        ApiMapping(
            try await create(
                "CreateApiMapping", Self.mappings(domain),
                ["apiId": .string(apiId), "stage": .string(stage), "apiMappingKey": .string(key)]))
    }

    public func getApiMappings(domain: String) async throws -> [ApiMapping] {
        try await list("GetApiMappings", Self.mappings(domain)).map(ApiMapping.init)
    }

    /// Moves the mapping in one step: there is no moment without one. How long API Gateway takes to follow is not published.
    @discardableResult
    public func updateApiMapping(
        domain: String, mappingId: String, apiId: String, stage: String
    ) async throws -> ApiMapping {
        ApiMapping(
            try await client.rest(
                .apiGateway, "UpdateApiMapping", "PATCH", "\(Self.mappings(domain))/\(mappingId.percentEncoded())",
                ["apiId": .string(apiId), "stage": .string(stage)]))
    }

    /// Nothing happens where there is no such mapping.
    public func deleteApiMapping(domain: String, mappingId: String) async throws {
        try await delete("DeleteApiMapping", "\(Self.mappings(domain))/\(mappingId.percentEncoded())")
    }

    private static let domains = "/v2/domainnames"

    private static func path(domain: String) -> String { "\(domains)/\(domain.percentEncoded())" }

    private static func mappings(_ domain: String) -> String { path(domain: domain) + "/apimappings" }
}

extension APIGateway.DomainName {
    fileprivate init(_ json: JSON) {
        name = json["domainName"].string ?? ""
        let configuration = json["domainNameConfigurations"].array?.first ?? .null
        target = configuration["apiGatewayDomainName"].string
        status = configuration["domainNameStatus"].string
        tags = (json["tags"].object ?? [:]).compactMapValues(\.string)
    }
}

extension APIGateway.ApiMapping {
    fileprivate init(_ json: JSON) {
        id = json["apiMappingId"].string ?? ""
        apiId = json["apiId"].string ?? ""
        stage = json["stage"].string ?? ""
        key = json["apiMappingKey"].string ?? ""
    }
}
