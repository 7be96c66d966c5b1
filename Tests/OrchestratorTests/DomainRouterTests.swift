import AWS
import Foundation
import StackDescription
import Synchronization
import TestSupport
import Testing

@testable import Orchestrator

/// The users' address: where it may lead, what goes with a stack, and what is said of answers.
@Suite(.localCloud) struct DomainRouterTests {
    private static func manifest(_ stack: String) -> Stack {
        Stack(
            stack, functions: .swiftProduct("Functions"), api: .http(domain: "\(stack).example", stage: "live"),
            commands: [.command("Add", on: .post("/add"))])
    }

    /// A stack's domain in the local cloud.
    private struct Fixture {
        let router: DomainRouter
        let stack: String
        let gateway: APIGateway

        static func make() async throws -> Fixture {
            let local = try await TestCloud.endpoint()
            let configuration = AWSConfiguration(
                region: "eu-west-1", credentials: StaticCredentials(accessKeyId: "test", secretAccessKey: "test"),
                endpoints: EndpointResolver(forAll: try Endpoint(local.endpoint)))
            let cloud = Cloud(client: AWSClient(configuration, transport: AsyncHTTPTransport.shared), account: "000000000000")
            let stack = "s\(UUID().uuidString.prefix(8).lowercased())"
            let router = DomainRouter(cloud: cloud, stack: DomainRouterTests.manifest(stack))
            try await router.ensureDomain()
            return Fixture(router: router, stack: stack, gateway: cloud.apiGateway)
        }

        var domain: String { router.api.domain }

        func release(_ name: String) -> ReleaseRecord {
            ReleaseRecord(
                stack: stack, release: name, state: .candidate, phase: .ready, manifest: DomainRouterTests.manifest(stack),
                fingerprint: "", artifact: "debug", createdAt: "")
        }

        /// Returns the id of an API that can be mapped to.
        func createAPI(_ name: String) async throws -> String {
            let api = try await gateway.createApi(name)
            try await gateway.createStage(api: api.id, name: "live")
            return api.id
        }

        /// API ids by path.
        func mapped() async throws -> [String: String] {
            Dictionary(
                try await gateway.getApiMappings(domain: domain).map { ($0.key, $0.apiId) }, uniquingKeysWith: { first, _ in first })
        }

        /// Leads the domain to an API, as a person does.
        func lead(to api: String) async throws {
            let mapping = try #require(try await gateway.getApiMappings(domain: domain).first { $0.key.isEmpty })
            try await gateway.updateApiMapping(domain: domain, mappingId: mapping.id, apiId: api, stage: "live")
        }
    }

    @Test func `the domain moves from release to release, and never away from something of someone else's`() async throws {
        let fixture = try await Fixture.make()
        let first = try await fixture.createAPI("\(fixture.stack)-r1-api")
        let second = try await fixture.createAPI("\(fixture.stack)-r2-api")
        try await fixture.router.route(to: fixture.release("r1"))
        #expect(try await fixture.mapped() == ["": first])
        try await fixture.router.route(to: fixture.release("r2"))
        #expect(try await fixture.mapped() == ["": second])

        let name = "\(fixture.stack)-returns-r1-api"
        let foreign = try await fixture.createAPI(name)
        try await fixture.lead(to: foreign)
        let named = await #expect(throws: ForeignMapping.self) { try await fixture.router.route(to: fixture.release("r1")) }
        #expect(named?.api == name)
        // The local cloud removes an API that a mapping leads to. As a REST API, it then is in no list.
        try await fixture.gateway.deleteApi(foreign)
        let unlisted = await #expect(throws: ForeignMapping.self) { try await fixture.router.route(to: fixture.release("r1")) }
        #expect(unlisted?.api == foreign)
        #expect(try await fixture.mapped() == ["": foreign])

        try await fixture.gateway.deleteDomainName(fixture.domain)
        for api in [first, second] { try await fixture.gateway.deleteApi(api) }
    }

    @Test func `a stack takes its own mapping with it, and its domain once that leads nowhere else`() async throws {
        let fixture = try await Fixture.make()
        let own = try await fixture.createAPI("\(fixture.stack)-r1-api")
        let foreign = try await fixture.createAPI("other-\(fixture.stack)")
        try await fixture.gateway.createApiMapping(domain: fixture.domain, apiId: foreign, stage: "live")
        try await fixture.router.remove()
        #expect(try await fixture.mapped() == ["": foreign])

        try await fixture.lead(to: own)
        let beside = try await fixture.gateway.createApiMapping(domain: fixture.domain, apiId: foreign, stage: "live", key: "theirs")
        try await fixture.router.remove()
        #expect(try await fixture.mapped() == ["theirs": foreign])

        try await fixture.gateway.deleteApiMapping(domain: fixture.domain, mappingId: beside.id)
        try await fixture.router.remove()
        #expect(try await fixture.gateway.getDomainName(fixture.domain) == nil)
        for api in [own, foreign] { try await fixture.gateway.deleteApi(api) }
    }

    /// The domain, seen from outside; the last answer repeats.
    private final class Outside: HTTPTransport {
        enum Answer: Sendable {
            case release(String)
            case status(Int)
            case nothing
        }

        private let script: [Answer]
        private let sent = Mutex(0)

        init(_ script: [Answer]) { self.script = script }

        var count: Int { sent.withLock { $0 } }

        func send(_ request: HTTPRequest, timeout: Duration) async throws -> HTTPResponse {
            let number = sent.withLock { sent in
                sent += 1
                return sent
            }
            switch script[min(number, script.count) - 1] {
            case .release(let name): return HTTPResponse(statusCode: 200, headers: ["x-immutable-release": name])
            case .status(let code): return HTTPResponse(statusCode: code)
            case .nothing: throw TransportError(.couldNotConnect, "the host name is not known")
            }
        }

        var router: DomainRouter {
            DomainRouter(cloud: .stub(self, clock: ShiftedClock().sleepless), stack: DomainRouterTests.manifest("s"))
        }
    }

    @Test func `an answer counts once several in a row name the release`() async throws {
        let outside = Outside([.nothing, .status(403), .release("r2"), .release("r2"), .release("r1"), .release("r2")])
        try await outside.router.confirm("r2")
        #expect(outside.count == 10)
    }

    @Test func `a domain that never answers as the release is told of with what it answered last`() async throws {
        let cases: [(answer: Outside.Answer, state: String)] = [
            (.nothing, "without an answer: the host name is not known"), (.status(403), "answering HTTP 403"),
            (.status(200), "answering HTTP 200, and names no release"), (.release("r1"), "answering as r1"),
        ]
        for (answer, state) in cases {
            let error = await #expect(throws: WaiterError.self) { try await Outside([.release("r2"), answer]).router.confirm("r2") }
            #expect(error?.description.hasSuffix("it is still \(state)") == true)
        }
    }
}
