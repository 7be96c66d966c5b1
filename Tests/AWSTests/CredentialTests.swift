import CredentialProcess
import Foundation
import Testing

@testable import AWS

@Suite struct CredentialTests {
    let files = ConfigurationTests()

    func chain(
        _ environment: [String: String], transport: ScriptedTransport = ScriptedTransport([ScriptedTransport.failure(.couldNotConnect)])
    ) throws -> any CredentialProvider {
        try AWSConfiguration.resolve(
            environment: environment.merging(["AWS_REGION": "eu-west-1"]) { $1 }, transport: transport, running: CredentialProcess.run
        ).credentials
    }

    @Test func `the environment comes first`() async throws {
        try await files.withFiles(credentials: "[default]\naws_access_key_id=file\naws_secret_access_key=s") { (base) async throws in
            let keys = [
                "AWS_ACCESS_KEY_ID": "environment", "AWS_SECRET_ACCESS_KEY": "s", "AWS_SESSION_TOKEN": "t",
            ]
            let found = try await chain(base.merging(keys) { $1 }).credentials()
            #expect(found == Credentials(accessKeyId: "environment", secretAccessKey: "s", sessionToken: "t"))
            #expect(try await chain(base).credentials().accessKeyId == "file")
            await #expect(throws: CredentialsError.self) {
                try await chain(base.merging(["AWS_ACCESS_KEY_ID": "alone"]) { $1 }).credentials()
            }
        }
    }

    @Test func `without any the error lists where they were looked for`() async throws {
        try await files.withFiles { (base) async throws in
            let error = await #expect(throws: CredentialsError.self) { try await chain(base).credentials() }
            #expect(error?.problem.hasPrefix("no AWS credentials; looked in: the environment, ") == true)
            #expect(error?.problem.hasSuffix(", EC2 instance metadata") == true)
        }
    }

    @Test func `a credential process is run`() async throws {
        let json = #"{"Version":1,"AccessKeyId":"p","SecretAccessKey":"s","Expiration":"2030-01-02T03:04:05Z"}"#
        try await files.withFiles(config: "[default]\ncredential_process = echo '\(json)'") { (base) async throws in
            let found = try await chain(base).credentials()
            #expect(found.accessKeyId == "p")
            #expect(found.expiration == Date(timeIntervalSince1970: 1_893_553_445))
        }
        for command in ["false", "echo nonsense", "/none/such"] {
            try await files.withFiles(config: "[default]\ncredential_process = \(command)") { (base) async throws in
                await #expect(throws: CredentialsError.self) { try await chain(base).credentials() }
            }
        }
    }

    @Test func `a program that starts no others says so to a profile with a credential process`() async throws {
        try await files.withFiles(config: "[default]\ncredential_process = echo '{}'") { (base) async throws in
            let environment = base.merging(["AWS_REGION": "eu-west-1"]) { $1 }
            let provider = try AWSConfiguration.resolve(environment: environment, transport: ScriptedTransport([])).credentials
            let error = await #expect(throws: CredentialsError.self) { try await provider.credentials() }
            #expect(error?.problem.contains("starts no others") == true)
        }
    }

    @Test func `a profile that needs another tool says which`() async throws {
        try await files.withFiles(config: "[profile dev]\nsso_session = x") { (base) async throws in
            let error = await #expect(throws: CredentialsError.self) {
                try await chain(base.merging(["AWS_PROFILE": "dev"]) { $1 }).credentials()
            }
            #expect(error?.hint.contains("aws configure export-credentials --profile dev") == true)
        }
    }

    @Test func `a web identity is exchanged with STS, unsigned`() async throws {
        let answer = """
            <AssumeRoleWithWebIdentityResponse xmlns="x"><AssumeRoleWithWebIdentityResult><Credentials>\
            <AccessKeyId>w</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>\
            <Expiration>2030-01-02T03:04:05.000Z</Expiration></Credentials></AssumeRoleWithWebIdentityResult>\
            </AssumeRoleWithWebIdentityResponse>
            """
        try await files.withFiles(credentials: "the token\n") { (base) async throws in
            let transport = ScriptedTransport([ScriptedTransport.answer(200, answer)])
            var environment = base
            environment["AWS_WEB_IDENTITY_TOKEN_FILE"] = base["AWS_SHARED_CREDENTIALS_FILE"]
            environment["AWS_ROLE_ARN"] = "arn:aws:iam::1:role/r"
            let found = try await chain(environment, transport: transport).credentials()
            #expect(found.accessKeyId == "w" && found.sessionToken == "t")
            #expect(found.expiration == Date(timeIntervalSince1970: 1_893_553_445))
            let request = try #require(transport.requests.first)
            #expect(request.url == "https://sts.eu-west-1.amazonaws.com/" && request.headers["authorization"] == nil)
            #expect(
                text(request.body)
                    == "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fr"
                    + "&RoleSessionName=immutable-stack&WebIdentityToken=the%20token")
        }
    }

    static let session = #"{"AccessKeyId":"c","SecretAccessKey":"s","Token":"t","Expiration":"2030-01-02T03:04:05Z"}"#

    @Test func `a container's endpoint is asked with its token`() async throws {
        try await files.withFiles { (base) async throws in
            let transport = ScriptedTransport([ScriptedTransport.answer(200, Self.session)])
            let more = [
                "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1:9/creds",
                "AWS_CONTAINER_AUTHORIZATION_TOKEN": "secret",
            ]
            #expect(try await chain(base.merging(more) { $1 }, transport: transport).credentials().sessionToken == "t")
            #expect(transport.requests.first?.headers["authorization"] == "secret")
            let relative = ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/v2/x"]
            _ = try await chain(base.merging(relative) { $1 }, transport: transport).credentials()
            #expect(transport.requests.last?.url == "http://169.254.170.2/v2/x")
        }
    }

    @Test(arguments: [
        ("https://anywhere.example/x", true), ("http://localhost/", true), ("http://127.0.0.5:80/", true),
        ("http://169.254.170.23/v1", true), ("http://10.0.0.1/", false), ("http://127.0.0.1.example/", false),
        ("ftp://localhost/", false), ("nonsense", false),
    ])
    func `a container's endpoint must be one that can be trusted`(url: String, isTrusted: Bool) {
        #expect(ContainerCredentials.isTrusted(url) == isTrusted)
    }

    @Test func `an instance's role is read with a session token`() async throws {
        try await files.withFiles { (base) async throws in
            let transport = ScriptedTransport([
                ScriptedTransport.answer(200, "token-1"), ScriptedTransport.answer(200, "my-role\n"),
                ScriptedTransport.answer(200, Self.session),
            ])
            let found = try await chain(
                base.merging(["AWS_EC2_METADATA_DISABLED": "false"]) { $1 }, transport: transport
            ).credentials()
            #expect(found.accessKeyId == "c")
            #expect(
                transport.requests.map { "\($0.method) \($0.url)" } == [
                    "PUT http://169.254.169.254/latest/api/token",
                    "GET http://169.254.169.254/latest/meta-data/iam/security-credentials/",
                    "GET http://169.254.169.254/latest/meta-data/iam/security-credentials/my-role",
                ])
            #expect(transport.requests[2].headers["X-aws-ec2-metadata-token"] == "token-1")
        }
    }

    @Test func `credentials are renewed ahead of time, and kept while that fails`() async throws {
        let clock = TestClock()
        let source = ExpiringCredentials(clock: clock.clock())
        let cache = CachedCredentials(source, now: clock.clock().now)
        #expect(try await cache.credentials().accessKeyId == "key-1")
        clock.advance(by: 3000)
        #expect(try await cache.credentials().accessKeyId == "key-1")
        await source.fail(true)
        clock.advance(by: 400)
        #expect(try await cache.credentials().accessKeyId == "key-1")
        #expect(try await cache.credentials().accessKeyId == "key-1")
        #expect(await source.count == 2)
        clock.advance(by: 190)
        await #expect(throws: CredentialsError.self) { try await cache.credentials() }
        await source.fail(false)
        #expect(try await cache.credentials().accessKeyId == "key-4")
    }

    @Test func `many who ask at once cause one refresh`() async throws {
        let source = ExpiringCredentials(clock: TestClock().clock())
        let cache = CachedCredentials(source, now: TestClock().clock().now)
        let keys = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<50 { group.addTask { try await cache.credentials().accessKeyId } }
            return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(keys == ["key-1"])
        #expect(await source.count == 1)
    }

    @Test func `secrets are not printed`() {
        let keys = Credentials(accessKeyId: "id", secretAccessKey: "hidden", sessionToken: "hidden")
        #expect(!"\(keys) \(String(reflecting: keys))".contains("hidden"))
        var dumped = ""
        dump(keys, to: &dumped)
        #expect(!dumped.contains("hidden"))
    }
}

/// Good for an hour each.
actor ExpiringCredentials: CredentialProvider {
    private(set) var count = 0
    private var isFailing = false
    private let clock: ClientClock

    init(clock: ClientClock) {
        self.clock = clock
    }

    func fail(_ isFailing: Bool) {
        self.isFailing = isFailing
    }

    func credentials() async throws -> Credentials {
        count += 1
        await Task.yield()
        if isFailing { throw CredentialsError("failing", hint: "wait") }
        return Credentials(
            accessKeyId: "key-\(count)", secretAccessKey: "s", expiration: clock.now().addingTimeInterval(3600))
    }
}
