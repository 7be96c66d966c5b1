import Foundation
import LocalCloud
import Testing

extension EndToEnd {
    /// AWS's own tool, from PyPI, reads what was provisioned: names and tags are as they are documented, and not only as we read them.
    /// Half a minute; in the first run a little more, in which it is installed.
    @Suite struct AwscliTests {
        @Test func `awscli reads what was provisioned, tags and names included`() async throws {
            try await Cloud.running { cloud in
                let aws = try await Awscli.installed(scratch: cloud.scratch)
                try await cloud.deploy("orders")

                let tables: Set = [
                    "immutable-stack", "orders-ledger", "orders-effects", "orders-r1-events", "orders-r1-cursors",
                    "orders-r1-order-summary",
                ]
                let listed = try await aws.lines(cloud, "dynamodb", "list-tables", "--query", "TableNames[]")
                #expect(Set(listed) == tables)

                let events = try await aws.lines(
                    cloud, "dynamodb", "describe-table", "--table-name", "orders-r1-events", "--query",
                    "Table.[TableArn, KeySchema[0].AttributeName, KeySchema[1].AttributeName, to_string(DeletionProtectionEnabled)]")
                #expect(events.dropFirst() == ["aggregateId", "version", "true"])
                let arn = try #require(events.first)
                let tags = ["immutable-stack:release=r1", "immutable-stack:stack=orders"]
                let pairs = "sort_by(Tags[].{k:Key,v:Value}, &k)[].join('=', [k, v])"
                #expect(
                    try await aws.lines(
                        cloud, "dynamodb", "list-tags-of-resource", "--resource-arn", arn, "--query", pairs) == tags)

                let stream = try await aws.lines(
                    cloud, "kinesis", "describe-stream-summary", "--stream-name", "orders-r1-bus", "--query",
                    "StreamDescriptionSummary.[StreamName, StreamStatus]")
                #expect(stream == ["orders-r1-bus", "ACTIVE"])
                #expect(
                    try await aws.lines(
                        cloud, "kinesis", "list-tags-for-stream", "--stream-name", "orders-r1-bus", "--query", pairs)
                        == tags)

                let functions = try await aws.lines(cloud, "lambda", "list-functions", "--query", "Functions[].FunctionName")
                let expected: Set = [
                    "orders-r1-place-order", "orders-r1-pay-order", "orders-r1-ship-order", "orders-r1-cancel-order",
                    "orders-r1-confirmation-mailer",
                ]
                #expect(expected.isSubset(of: functions) && functions.allSatisfy { $0.hasPrefix("orders-r1-") }, "\(functions)")

                let apis = try await aws.lines(
                    cloud, "apigatewayv2", "get-apis", "--query", "Items[].[Name, Tags.\"immutable-stack:release\"][]")
                #expect(apis == ["orders-r1-api", "r1"])

                let tagged = try await aws.lines(
                    cloud, "resourcegroupstaggingapi", "get-resources", "--tag-filters", "Key=immutable-stack:release,Values=r1", "--query",
                    "ResourceTagMappingList[].ResourceARN")
                #expect(tagged.contains(arn) && tagged.contains { $0.hasSuffix(":function:orders-r1-place-order") }, "\(tagged)")
            }
        }
    }
}

/// awscli in a virtual environment of its own, beside the local cloud's, made once.
struct Awscli: Sendable {
    static let version = "1.46.3"

    let program: String

    static func installed(scratch: URL) async throws -> Awscli {
        let python = try await LocalCloud.python()
        // Another Python needs another environment: the local cloud's tells which.
        let environment = URL(filePath: python).deletingLastPathComponent().deletingLastPathComponent().lastPathComponent
        let place = "\(LocalCloud.Options.defaultHome)/awscli-\(version)-\(environment)"
        let aws = Awscli(program: "\(place)/bin/aws")
        let marker = "\(place)/complete"
        if FileManager.default.fileExists(atPath: marker) { return aws }
        // Its scripts name the place they were made in, so it is made there; who finds it without its mark makes it again.
        try? FileManager.default.removeItem(atPath: place)
        try await run(python, ["-I", "-m", "venv", place], scratch)
        try await run(
            "\(place)/bin/python3",
            ["-I", "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check", "--retries", "2", "awscli==\(version)"],
            scratch)
        try Data().write(to: URL(filePath: marker))
        return aws
    }

    private static func run(_ program: String, _ arguments: [String], _ scratch: URL) async throws {
        let child = try Child.start(program, arguments, environment: Cloud.plainEnvironment, scratch: scratch)
        let end = try await child.end(within: .seconds(300))
        guard end.status == 0 else { throw NoAwscli(end: end) }
    }

    /// What a command answers, as words.
    func lines(_ cloud: Cloud, _ arguments: String...) async throws -> [String] {
        let environment = cloud.environment.merging(["AWS_PAGER": "", "NO_PROXY": "127.0.0.1"]) { $1 }
        let end = try await Child.start(program, arguments + ["--output", "json"], environment: environment, scratch: cloud.scratch).end()
        try #require(end.status == 0, "\(end)")
        return try JSONDecoder().decode([String].self, from: Data(end.output.utf8))
    }
}

struct NoAwscli: Error, CustomStringConvertible {
    var end: Child.End

    var description: String {
        """
        awscli \(Awscli.version) could not be installed: \(end)
        hint: run again when the package index is reachable (pip's own settings apply: PIP_INDEX_URL, HTTPS_PROXY, …)
        """
    }
}
