import AWS
import Foundation
import TestSupport
import Testing

@Suite(.localCloud) struct APIGatewayContractTests {
    static let function = "arn:aws:lambda:eu-west-1:000000000000:function:f"

    func withApi(_ body: (APIGateway, APIGateway.ApiDescription) async throws -> Void) async throws {
        let gateway = APIGateway(try await CloudFixture.client())
        let api = try await gateway.createApi(CloudFixture.uniqueName("api"), tags: ["a": "b"])
        try await body(gateway, api)
        try await gateway.deleteApi(api.id)
        try await gateway.deleteApi(api.id)
        #expect(try await gateway.findApis(name: api.name).isEmpty)
    }

    @Test func `an API gets integrations, routes and a stage`() async throws {
        try await withApi { gateway, api in
            #expect(api.protocolType == .http && !api.endpoint.isEmpty && api.tags == ["a": "b"])
            #expect(try await gateway.findApis(name: api.name) == [api])
            let integration = try await gateway.createIntegration(
                api: api.id, lambdaArn: Self.function, timeout: .seconds(29))
            #expect(try await gateway.listIntegrations(api: api.id) == [integration])
            #expect(integration.uri == Self.function)
            for key in ["$default", "POST /orders", "GET /orders/{orderId}"] {
                try await gateway.createRoute(api: api.id, key: key, integration: integration.id)
            }
            let routes = try await gateway.listRoutes(api: api.id)
            #expect(Set(routes.map(\.key)) == ["$default", "POST /orders", "GET /orders/{orderId}"])
            #expect(Set(routes.map(\.target)) == ["integrations/\(integration.id)"])
            #expect(try await gateway.getStage(api: api.id, name: "live") == nil)
            try await gateway.createStage(api: api.id, name: "live", tags: ["a": "b"])
            let stage = try #require(try await gateway.getStage(api: api.id, name: "live"))
            #expect(stage.name == "live" && stage.autoDeploy)
        }
    }

    @Test func `a WebSocket API takes Lambda's long address`() async throws {
        let gateway = APIGateway(try await CloudFixture.client())
        let api = try await gateway.createApi(CloudFixture.uniqueName("ws"), protocolType: .webSocket)
        #expect(api.protocolType == .webSocket)
        let integration = try await gateway.createIntegration(
            api: api.id, lambdaArn: Self.function, protocolType: .webSocket)
        #expect(
            integration.uri == "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/\(Self.function)/invocations")
        try await gateway.createRoute(api: api.id, key: "$connect", integration: integration.id)
        try await gateway.deleteApi(api.id)
    }

    @Test func `a domain's mapping moves from one API to another`() async throws {
        let domain = CloudFixture.uniqueName("api") + ".example"
        try await withApi { gateway, first in
            try await withApi { _, second in
                for api in [first, second] { try await gateway.createStage(api: api.id, name: "live") }
                #expect(try await gateway.getDomainName(domain) == nil)
                try await gateway.createDomainName(
                    domain, certificateArn: "arn:aws:acm:eu-west-1:000000000000:certificate/x", tags: ["a": "b"])
                #expect(try await gateway.getDomainName(domain)?.name == domain)
                let again = await #expect(throws: AWSError.self) {
                    try await gateway.createDomainName(
                        domain, certificateArn: "arn:aws:acm:eu-west-1:000000000000:certificate/x")
                }
                #expect(again?.isAlreadyExists == true)

                let mapping = try await gateway.createApiMapping(domain: domain, apiId: first.id, stage: "live")
                #expect(try await gateway.getApiMappings(domain: domain) == [mapping])
                #expect(mapping.apiId == first.id && mapping.stage == "live" && mapping.key.isEmpty)
                let moved = try await gateway.updateApiMapping(
                    domain: domain, mappingId: mapping.id, apiId: second.id, stage: "live")
                #expect(moved.id == mapping.id && moved.apiId == second.id)
                #expect(try await gateway.getApiMappings(domain: domain) == [moved])
                try await gateway.deleteApiMapping(domain: domain, mappingId: mapping.id)
                #expect(try await gateway.getApiMappings(domain: domain).isEmpty)
                try await gateway.deleteDomainName(domain)
                try await gateway.deleteDomainName(domain)
            }
        }
    }
}
