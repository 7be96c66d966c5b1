import Foundation
import Testing

@testable import AWS

@Suite struct ConfigurationTests {
    static let config = """
        [default]
        region = eu-central-1
        # a comment
        [profile work]
        region=us-west-2   ; another
        endpoint_url = http://127.0.0.1:1111
        max_attempts = 7
        services = local
        aws_secret_access_key = not#a;comment
        [services local]
        dynamodb =
          endpoint_url = http://127.0.0.1:2222/dynamo/
        cloudwatch_logs =
          endpoint_url = http://127.0.0.1:3333
        """

    /// A folder with the two files, removed afterwards.
    func withFiles(
        config: String = Self.config, credentials: String = "", _ body: ([String: String]) async throws -> Void
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (first, second) = (folder.appending(path: "config"), folder.appending(path: "credentials"))
        try Data(config.utf8).write(to: first)
        try Data(credentials.utf8).write(to: second)
        try await body([
            "AWS_CONFIG_FILE": first.path, "AWS_SHARED_CREDENTIALS_FILE": second.path, "HOME": folder.path,
            "AWS_EC2_METADATA_DISABLED": "true",
        ])
    }

    func resolve(
        _ files: [String: String], _ more: [String: String] = [:],
        transport: ScriptedTransport = ScriptedTransport([ScriptedTransport.failure(.couldNotConnect)])
    ) throws -> AWSConfiguration {
        try .resolve(environment: files.merging(more) { $1 }, transport: transport)
    }

    @Test func `the region comes from the environment, then from the profile`() async throws {
        try await withFiles { (files) async throws in
            #expect(try resolve(files).region == "eu-central-1")
            #expect(try resolve(files, ["AWS_PROFILE": "work"]).region == "us-west-2")
            #expect(try resolve(files, ["AWS_DEFAULT_REGION": "a"]).region == "a")
            #expect(try resolve(files, ["AWS_DEFAULT_REGION": "a", "AWS_REGION": "b"]).region == "b")
        }
        try await withFiles(config: "") { (files) async throws in
            #expect(throws: ConfigurationError.self) { try resolve(files) }
        }
    }

    @Test func `a profile that doesn't exist is an error that lists those that do`() async throws {
        try await withFiles { (files) async throws in
            let error = #expect(throws: ConfigurationError.self) { try resolve(files, ["AWS_PROFILE": "wrok"]) }
            #expect(error?.hint == "set AWS_PROFILE to one of: default, work")
        }
    }

    @Test func `endpoints are chosen by precedence`() async throws {
        func url(_ service: AWSService, _ configuration: AWSConfiguration) -> String {
            configuration.endpoints.endpoint(for: service, region: configuration.region).description
        }
        try await withFiles { (files) async throws in
            let plain = try resolve(files)
            #expect(url(.dynamoDB, plain) == "https://dynamodb.eu-central-1.amazonaws.com/")
            #expect(url(.iam, plain) == "https://iam.amazonaws.com/")
            #expect(url(.ses, plain) == "https://email.eu-central-1.amazonaws.com/")

            let profile = try resolve(files, ["AWS_PROFILE": "work"])
            #expect(url(.dynamoDB, profile) == "http://127.0.0.1:2222/dynamo/")
            #expect(url(.logs, profile) == "http://127.0.0.1:3333/")
            #expect(url(.lambda, profile) == "http://127.0.0.1:1111/")

            let environment = try resolve(
                files,
                [
                    "AWS_PROFILE": "work", "AWS_ENDPOINT_URL": "http://localhost:80",
                    "AWS_ENDPOINT_URL_LAMBDA": "https://lambda.example:443",
                ])
            #expect(url(.dynamoDB, environment) == "http://localhost/")
            #expect(url(.lambda, environment) == "https://lambda.example/")

            let ignored = try resolve(
                files, ["AWS_ENDPOINT_URL": "http://localhost", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"])
            #expect(url(.dynamoDB, ignored) == "https://dynamodb.eu-central-1.amazonaws.com/")
        }
    }

    @Test(arguments: ["localhost:4566", "ftp://x", "http://", "http:///path", "http://user@host", "http://a b"])
    func `what is no endpoint is refused`(text: String) {
        #expect(throws: ConfigurationError.self) { try Endpoint(text) }
    }

    @Test func `global services have an endpoint per partition`() {
        #expect(Endpoint.standard(for: .iam, region: "us-gov-east-1").authority == "iam.us-gov.amazonaws.com")
        #expect(Endpoint.standard(for: .iam, region: "cn-north-1").signingRegion == "cn-north-1")
        #expect(Endpoint.standard(for: .dynamoDB, region: "cn-north-1").authority == "dynamodb.cn-north-1.amazonaws.com.cn")
    }

    @Test func `the number of attempts is read and checked`() async throws {
        try await withFiles { (files) async throws in
            #expect(try resolve(files).retry.maxAttempts == 3)
            #expect(try resolve(files, ["AWS_PROFILE": "work"]).retry.maxAttempts == 7)
            #expect(try resolve(files, ["AWS_MAX_ATTEMPTS": "5"]).retry.maxAttempts == 5)
            #expect(throws: ConfigurationError.self) { try resolve(files, ["AWS_MAX_ATTEMPTS": "0"]) }
        }
    }

    @Test func `a value may hold a comment sign that no space precedes`() {
        let file = ProfileFile(parsing: Self.config)
        #expect(file.sections["profile work"]?.settings["aws_secret_access_key"] == "not#a;comment")
        #expect(file.sections["profile work"]?.settings["region"] == "us-west-2")
    }
}
