import TestSupport
import Testing

@testable import AWS
@testable import Orchestrator

@Suite struct BusMappingTests {
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
}
