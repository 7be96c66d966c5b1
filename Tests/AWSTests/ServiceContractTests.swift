import AWS
import Foundation
import TestSupport
import Testing

@Suite(.localCloud) struct ServiceContractTests {
    static let tag = "immutable-stack:stack"

    @Test func `a stream is made, lengthened, tagged and removed`() async throws {
        let kinesis = Kinesis(try await CloudFixture.client())
        let name = CloudFixture.uniqueName("bus")
        #expect(try await kinesis.describeStream(name) == nil)
        try await kinesis.createStream(name, shards: 2, tags: [Self.tag: "s"])
        let made = try #require(try await kinesis.waitUntilActive(name))
        #expect(made.shards == 2 && made.retentionHours == 24 && made.arn.hasSuffix(":stream/\(name)"))
        let again = await #expect(throws: AWSError.self) { try await kinesis.createStream(name, shards: 2) }
        #expect(again?.isAlreadyExists == true)
        try await kinesis.increaseRetention(name, hours: 48)
        #expect(try await kinesis.describeStream(name)?.retentionHours == 48)
        try await kinesis.addTags(name, ["b": "2"])
        #expect(try await kinesis.tags(name) == [Self.tag: "s", "b": "2"])
        try await kinesis.deleteStream(name)
        try await waitUntil("the stream to be gone", deadline: .seconds(60)) {
            try await kinesis.describeStream(name) == nil
        }
        try await kinesis.deleteStream(name)
    }

    @Test func `a role is made once and removed with its policies`() async throws {
        let iam = IAM(try await CloudFixture.client())
        let name = CloudFixture.uniqueName("role")
        #expect(try await iam.getRole(name) == nil)
        let trust = """
            {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole",\
            "Principal":{"Service":"lambda.amazonaws.com"}}]}
            """
        let arn = try await iam.createRole(name, trustPolicy: trust, tags: [Self.tag: "s", "b": "c & d"])
        #expect(arn.hasSuffix(":role/\(name)"))
        #expect(try await iam.getRole(name) == arn)
        let again = await #expect(throws: AWSError.self) { try await iam.createRole(name, trustPolicy: trust) }
        #expect(again?.isAlreadyExists == true)
        let policy = #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#
        try await iam.putRolePolicy(role: name, name: "one", document: policy)
        try await iam.putRolePolicy(role: name, name: "two", document: policy)
        #expect(Set(try await iam.listRolePolicies(name)) == ["one", "two"])
        for policy in ["one", "two", "three"] { try await iam.deleteRolePolicy(role: name, name: policy) }
        #expect(try await iam.listRolePolicies(name).isEmpty)
        try await iam.deleteRole(name)
        try await iam.deleteRole(name)
        #expect(try await iam.getRole(name) == nil)
        #expect(try await iam.listRolePolicies(name).isEmpty)
    }

    @Test func `a state machine runs, once for a name, and is removed`() async throws {
        let client = try await CloudFixture.client()
        let (steps, account) = (StepFunctions(client), try await STS(client).callerIdentity().account)
        let name = CloudFixture.uniqueName("machine")
        let arn = "arn:aws:states:eu-west-1:\(account):stateMachine:\(name)"
        let execution = "arn:aws:states:eu-west-1:\(account):execution:\(name):one"
        #expect(try await steps.stateMachineStatus(arn) == nil)
        let definition = #"{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}"#
        for _ in 0..<2 {
            let made = try await steps.createStateMachine(
                name, roleArn: "arn:aws:iam::\(account):role/r", definition: definition, tags: [Self.tag: "s"])
            #expect(made == arn)
        }
        #expect(try await steps.stateMachineStatus(arn) == "ACTIVE")
        #expect(try await steps.describeExecution(execution) == nil)
        try await steps.startExecution(of: arn, name: "one", input: "{}")
        try await waitUntil("the execution to end", deadline: .seconds(60)) {
            try await steps.describeExecution(execution)?.status == "SUCCEEDED"
        }
        let again = await #expect(throws: AWSError.self) { try await steps.startExecution(of: arn, name: "one", input: "[]") }
        #expect(again?.isAlreadyExists == true)
        try await steps.stopExecution(execution, cause: "it has ended")
        #expect(try await steps.executions(of: arn) == [execution])
        #expect(try await steps.executions(of: arn, status: "RUNNING").isEmpty)
        #expect(try await steps.mapRuns(of: execution).isEmpty)
        try await steps.deleteStateMachine(arn)
        try await steps.deleteStateMachine(arn)
        #expect(try await steps.stateMachineStatus(arn) == nil)
    }

    @Test func `the caller is known`() async throws {
        let caller = try await STS(try await CloudFixture.client()).callerIdentity()
        #expect(caller.account.count == 12)
        #expect(caller.arn.hasPrefix("arn:aws:"))
    }

    @Test func `a web identity becomes credentials`() async throws {
        let given = try await STS(try await CloudFixture.client()).assumeRoleWithWebIdentity(
            role: "arn:aws:iam::000000000000:role/ci", session: "test", token: "token")
        #expect(given.sessionToken != nil && given.expiration != nil)
    }

    @Test func `mail is sent`() async throws {
        let ses = SES(try await CloudFixture.client())
        try await ses.createEmailIdentity("shop@example.com")
        try await ses.createEmailIdentity("shop@example.com")
        let id = try await ses.sendEmail(
            from: "shop@example.com", to: ["you@example.com"], subject: "Grüße", text: "Line \"one\"\nline two")
        #expect(!id.isEmpty)
    }

    @Test func `a log group is made, kept for a while and removed`() async throws {
        let logs = Logs(try await CloudFixture.client())
        let name = "/aws/lambda/" + CloudFixture.uniqueName("group")
        try await logs.createLogGroup(name, tags: [Self.tag: "s"])
        try await logs.createLogGroup(name)
        try await logs.putRetention(name, days: 14)
        try await logs.deleteLogGroup(name)
        try await logs.deleteLogGroup(name)
        let error = await #expect(throws: AWSError.self) { try await logs.putRetention(name, days: 14) }
        #expect(error?.isNotFound == true)
    }

    @Test func `resources are found by their tags`() async throws {
        let client = try await CloudFixture.client()
        let (dynamo, tagging) = (DynamoDB(client), Tagging(client))
        let name = CloudFixture.uniqueName("tagged")
        let tags = [[Self.tag: name, "b": "2"], [Self.tag: name]]
        for (index, tags) in tags.enumerated() {
            try await dynamo.createTable(.init(name: "\(name)-\(index)", hashKey: .string("id"), tags: tags))
        }
        #expect(try await tagging.resources(tags: [Self.tag: name]).count == 2)
        let found = try await tagging.resources(tags: [Self.tag: name, "b": ""], types: ["dynamodb:table"])
        #expect(found.map(\.tags) == [tags[0]])
        #expect(found.first?.arn.hasSuffix(":table/\(name)-0") == true)
        #expect(try await tagging.resources(tags: [Self.tag: name + "-none"]).isEmpty)
        for index in tags.indices { try await dynamo.deleteTable("\(name)-\(index)") }
    }

    @Test func `an endpoint that is not there is named`() async throws {
        let configuration = AWSConfiguration(
            region: "eu-west-1", credentials: StaticCredentials(accessKeyId: "a", secretAccessKey: "b"),
            endpoints: EndpointResolver(forAll: try Endpoint("http://127.0.0.1:1")), retry: .never)
        let transport = AsyncHTTPTransport()
        let error = await #expect(throws: ConnectionError.self) {
            try await STS(AWSClient(configuration, transport: transport)).callerIdentity()
        }
        try await transport.shutdown()
        #expect(error?.wasCertainlyNotSent == true)
        #expect(
            error?.description == """
                could not reach http://127.0.0.1:1/ (STS): connection refused; \
                is the endpoint in AWS_ENDPOINT_URL or the region right, and is it up?
                """)
    }
}
