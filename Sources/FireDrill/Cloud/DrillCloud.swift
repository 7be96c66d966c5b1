import AWS
import Foundation
import LocalCloud

/// A local cloud with a proxy before it for the tool, and one between its functions and it.
struct DrillCloud: Sendable {
    static let stack = "orders"
    static let domain = "api.orders.example"

    let instance: LocalCloud.Instance
    let toolProxy: FaultProxy
    private let functionProxy: FaultProxy
    private let upstream: Upstream
    /// The calls of all functions.
    let functionRun: ProxyRun

    /// - Parameter plan: what goes wrong with the functions' calls; nil: nothing.
    static func start(number: Int, plan: FaultPlan?) async throws -> DrillCloud {
        let upstream = Upstream()
        let functionRun = ProxyRun(.function, number: number, plan: plan)
        let functionProxy = try await FaultProxy.start(upstream, functionRun)
        let toolProxy = try await FaultProxy.start(upstream, ProxyRun(.tool, number: 0, plan: nil))
        do {
            let instance = try await LocalCloud.start(.init(functionEndpoint: functionProxy.endpoint))
            upstream.lead(to: instance.endpoint)
            return DrillCloud(
                instance: instance, toolProxy: toolProxy, functionProxy: functionProxy, upstream: upstream, functionRun: functionRun)
        } catch {
            await functionProxy.stop()
            await toolProxy.stop()
            await upstream.close()
            throw error
        }
    }

    func stop() async {
        await instance.stop()
        await toolProxy.stop()
        await functionProxy.stop()
        await upstream.close()
    }

    /// The user's environment, with nothing in it that leads to another cloud.
    func environment(endpoint: String) -> [String: String] {
        let none = instance.stateDirectory + "/no-such-file"
        return ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("AWS_") }
            .merging(instance.environment) { $1 }
            .merging(["AWS_ENDPOINT_URL": endpoint, "AWS_CONFIG_FILE": none, "AWS_SHARED_CREDENTIALS_FILE": none]) { $1 }
    }

    /// Straight to the local cloud: who looks from outside meets no fault.
    private var client: AWSClient {
        get throws { try .live(environment: environment(endpoint: instance.endpoint)) }
    }

    /// The states of all releases that ever were, by name.
    func releases() async throws -> [String: String] {
        let dynamo = DynamoDB(try client)
        guard try await dynamo.describeTable("immutable-stack") != nil else { return [:] }
        var request = DynamoDB.ScanRequest(table: "immutable-stack")
        var releases: [String: String] = [:]
        repeat {
            let page = try await dynamo.scan(request)
            for item in page.items {
                guard let name = item["item"]?.string, name.hasPrefix("release#"), let state = item["state"]?.string else { continue }
                let phase = item["phase"]?.string ?? "?"
                releases[String(name.dropFirst("release#".count))] = state == "candidate" && phase == "ready" ? "ready" : state
            }
            request.startKey = page.lastKey
        } while request.startKey != nil
        return releases
    }

    func hasTable(_ name: String) async throws -> Bool { try await DynamoDB(try client).describeTable(name) != nil }

    /// The subjects of all mail that was ever sent.
    func mails() async throws -> [String] {
        struct Answer: Decodable {
            struct Mail: Decodable { var Subject: String? }
            var messages: [String: [Mail]]
        }
        let request = HTTPRequest(method: "GET", url: instance.endpoint + "/_ministack/ses/messages")
        let answer = try await AsyncHTTPTransport.shared.send(request, timeout: .seconds(30))
        return try JSONDecoder().decode(Answer.self, from: Data(answer.body)).messages.values.joined().compactMap(\.Subject)
    }

    func send(mail subject: String) async throws {
        try await SES(try client).sendEmail(
            from: "shop@orders.example", to: ["customer@example.org"], subject: subject, text: "sent by hand")
    }
}
