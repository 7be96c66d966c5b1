import AWS
import EventStore
import Foundation
import StackDescription

/// Where the users' requests go.
public protocol TrafficRouter: Sendable {
    /// The release that the users' address leads to; `nil` where it leads nowhere, or to something that isn't a release.
    func current(of releases: [ReleaseRecord]) async throws -> String?
    /// Leads the users' address to a release, in one step.
    func route(to release: ReleaseRecord) async throws
    /// Leads the aliases of its search indexes to a release: not the users' way, so nothing waits for it.
    func routeAliases(to release: ReleaseRecord) async throws
    /// Returns after several answers in a row, asked for from outside, named the release.
    func confirm(_ release: String) async throws
    /// Takes the address away, where it leads to this stack.
    func remove() async throws
}

/// The custom domain of a stack and its API mapping.
public struct DomainRouter: TrafficRouter {
    public let cloud: Cloud
    public let api: API
    private let stack: String

    public init(cloud: Cloud, stack: Stack) {
        self.cloud = cloud
        self.stack = stack.name
        api = stack.api
    }

    /// Answers in a row that must name the release.
    private static let confirmations = 5

    private var gateway: APIGateway { cloud.apiGateway }

    /// Adopts an existing domain; else creates it, for which AWS needs the certificate. Returns the host that a DNS record has to lead to, where
    /// API Gateway tells one.
    @discardableResult
    public func ensureDomain() async throws -> String? {
        if let domain = try await gateway.getDomainName(api.domain) { return domain.target }
        guard api.certificate != nil || cloud.isLocal else { throw NoCertificate(domain: api.domain) }
        do {
            try await gateway.createDomainName(
                api.domain, certificateArn: api.certificate ?? "arn:aws:acm:\(cloud.region):\(cloud.account):certificate/local",
                tags: [ReleaseTags.stack: stack])
        } catch let error as AWSError where error.isAlreadyExists {}
        return try await gateway.getDomainName(api.domain)?.target
    }

    private func mapping() async throws -> APIGateway.ApiMapping? {
        Self.whole(of: try await gateway.getApiMappings(domain: api.domain))
    }

    /// The mapping of all of the domain.
    private static func whole(of mappings: [APIGateway.ApiMapping]) -> APIGateway.ApiMapping? {
        mappings.first { $0.key.isEmpty || $0.key == "(none)" }
    }

    /// The API that a mapping leads to; `nil` where it is no HTTP or WebSocket API: a REST API of someone else.
    ///
    /// It can't be one of this stack that is gone: API Gateway removes no API that a mapping leads to ("Please remove all API mappings for
    /// the API from your custom domain names"), and nobody asks it to. `retire` confirms first that the mapping leads to the live release,
    /// `abort` that the candidate owns nothing, and `destroy` removes the mapping first.
    private func destination(of mapping: APIGateway.ApiMapping) async throws -> APIGateway.ApiDescription? {
        try await gateway.listApis().first { $0.id == mapping.apiId }
    }

    public func current(of releases: [ReleaseRecord]) async throws -> String? {
        guard try await gateway.getDomainName(api.domain) != nil, let mapping = try await mapping() else { return nil }
        for record in releases where record.state.hasResources {
            if try await HTTPAPI.find(record.names.api, in: cloud)?.id == mapping.apiId { return record.release }
        }
        return nil
    }

    public func routeAliases(to release: ReleaseRecord) async throws { try await IndexAliases(cloud: cloud).route(to: release) }

    public func route(to release: ReleaseRecord) async throws {
        guard let target = try await HTTPAPI.find(release.names.api, in: cloud) else {
            throw ResourceFailed(id: "api \(release.names.api)", reason: "is missing")
        }
        guard let mapping = try await mapping() else {
            try await gateway.createApiMapping(domain: api.domain, apiId: target.id, stage: release.manifest.api.stage)
            return
        }
        if mapping.apiId == target.id { return }
        let owner = try await destination(of: mapping)
        guard owner.map({ ReleaseNames.isPart($0.name, of: stack) }) ?? false else {
            throw ForeignMapping(domain: api.domain, api: owner?.name ?? mapping.apiId)
        }
        try await gateway.updateApiMapping(
            domain: api.domain, mappingId: mapping.id, apiId: target.id, stage: release.manifest.api.stage)
    }

    public func confirm(_ release: String) async throws {
        var inARow = 0
        // The last answer that wasn't the release's.
        var other = ""
        try await Waiter(
            "https://\(api.domain) to answer as \(release) \(Self.confirmations) times in a row", deadline: .seconds(120),
            poll: Backoff(first: .milliseconds(20), longest: .seconds(1)), clock: cloud.dynamo.clock
        ).wait {
            if let answer = try await otherAnswer(than: release) {
                inARow = 0
                other = answer
            } else {
                inARow += 1
            }
            return inARow < Self.confirmations ? .notYet(other) : .reached
        }
    }

    /// What comes instead of the release's answer, to complete "it is still …"; `nil` where it answers.
    private func otherAnswer(than release: String) async throws -> String? {
        let path = "/.well-known/immutable-release"
        var request = HTTPRequest(method: "GET", url: "https://\(api.domain)\(path)")
        if let endpoint = cloud.localEndpoint {
            request = HTTPRequest(method: "GET", url: endpoint + path, headers: ["Host": api.domain])
        }
        let answer: HTTPResponse
        do {
            answer = try await cloud.client.transport.send(request, timeout: .seconds(10))
        } catch let error where !(error is CancellationError) {
            return "without an answer: \(error)"
        }
        guard answer.statusCode == 200 else { return "answering HTTP \(answer.statusCode)" }
        guard let named = answer.headers["x-immutable-release"] else { return "answering HTTP 200, and names no release" }
        return named == release ? nil : "answering as \(named)"
    }

    public func remove() async throws {
        guard let domain = try await gateway.getDomainName(api.domain) else { return }
        var mappings = try await gateway.getApiMappings(domain: api.domain)
        if let mapping = Self.whole(of: mappings), let owner = try await destination(of: mapping),
            ReleaseNames.isPart(owner.name, of: stack)
        {
            try await gateway.deleteApiMapping(domain: api.domain, mappingId: mapping.id)
            mappings.removeAll { $0.id == mapping.id }
        }
        // A domain's mappings go with it: one that leads to something of someone else's stays.
        if mappings.isEmpty, domain.tags[ReleaseTags.stack] == stack { try await gateway.deleteDomainName(api.domain) }
    }
}

/// A domain that must be created, without a certificate for it.
public struct NoCertificate: Error, Sendable, CustomStringConvertible {
    public var domain: String

    public var description: String {
        "the domain '\(domain)' doesn't exist in API Gateway, and the manifest names no certificate to create it with.\nhint: add `certificate: \"arn:aws:acm:…\"` to `api:` in Stack.swift, or create the domain yourself; it will be adopted"
    }
}

/// A domain that leads to an API of someone else.
public struct ForeignMapping: Error, Sendable, CustomStringConvertible {
    public var domain: String
    /// Its name; of a REST API its id.
    public var api: String

    public var description: String {
        "the domain '\(domain)' leads to the API '\(api)', which isn't of this stack. Remove that mapping, or name another domain in Stack.swift."
    }
}
