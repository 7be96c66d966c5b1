import Synchronization
import TestSupport
import Testing

@testable import AWS
@testable import Orchestrator

@Suite(.localCloud) struct BusMappingTests {
    @Test func `what a lost answer made twice is turned off twice and removed twice`() async throws {
        let store = try await StoreFixture.make()
        let cloud = Cloud(client: store.dynamo.client, account: "000000000000")
        let (function, stream) = ("\(store.names.stack)-r1-replicator", "\(store.names.stack)-r1-bus")
        try await cloud.kinesis.createStream(stream, shards: 1)
        _ = try await cloud.kinesis.waitUntilActive(stream)
        _ = try await cloud.lambda.createFunction(
            Lambda.FunctionDefinition(
                name: function, roleArn: "arn:aws:iam::000000000000:role/\(function)", runtime: "python3.11", handler: "f.handle",
                zip: try ZipArchive.write(
                    [.init(name: "f.py", bytes: Array("def handle(event, context): pass".utf8), mode: 0o644)], level: 1)))
        let mapping = BusMapping(function: function, stream: stream, enabled: true, tags: [:], ownsStream: true)
        try await mapping.create(in: cloud)
        try await mapping.create(in: cloud)
        try #require(try await cloud.lambda.listEventSourceMappings(function: function).count == 2)
        try await BusMapping.enable(false, function, stream, in: cloud)
        #expect(try await cloud.lambda.listEventSourceMappings(function: function).allSatisfy { $0.state == "Disabled" })
        try await mapping.delete(in: cloud)
        #expect(try await mapping.state(in: cloud) == .absent)
        try await cloud.lambda.deleteFunction(function)
        try await cloud.kinesis.deleteStream(stream)
    }

    /// Lambda's side of a mapping that is being made. While it is in transition it takes no change; the list shows that late.
    private final class MappingInTransition: HTTPTransport {
        private struct Held {
            var state = "Creating"
            var looks = 0
            var isSlow = true
            var updates = 0
        }

        private let held = Mutex(Held())

        var updates: Int { held.withLock { $0.updates } }

        func send(_ request: HTTPRequest, timeout: Duration) async throws -> HTTPResponse {
            held.withLock { held in
                guard request.method == "GET" else {
                    held.updates += 1
                    guard held.state == "Disabled", !held.isSlow else {
                        held.isSlow = false
                        return HTTPResponse(
                            statusCode: 400, headers: ["x-amzn-ErrorType": "ResourceInUseException"], body: Array("{}".utf8))
                    }
                    held.state = "Enabling"
                    return HTTPResponse(statusCode: 202, body: Array("{}".utf8))
                }
                held.looks += 1
                let arn = "arn:aws:kinesis:eu-west-1:1:stream/s-r1-bus"
                let body = #"{"EventSourceMappings":[{"UUID":"u","EventSourceArn":"\#(arn)","State":"\#(held.state)"}]}"#
                switch held.state {
                case "Creating" where held.looks > 1: held.state = "Disabled"
                case "Enabling": held.state = "Enabled"
                default: break
                }
                return HTTPResponse(statusCode: 200, body: Array(body.utf8))
            }
        }
    }

    @Test func `a mapping that is still being made is turned on once it takes the change`() async throws {
        let lambda = MappingInTransition()
        let cloud = Cloud.stub(lambda, clock: ShiftedClock().sleepless)
        try await BusMapping.enable(true, "s-r1-replicator", "s-r1-bus", in: cloud)
        #expect(try await BusMapping.find("s-r1-replicator", "s-r1-bus", in: cloud)?.state == "Enabled")
        #expect(lambda.updates == 2)
    }
}
