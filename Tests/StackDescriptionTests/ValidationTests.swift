import StackDescription
import Testing

@Suite struct ValidationTests {
    @Test func `a proper stack has no problems`() {
        #expect(sampleStack().problems() == [])
    }

    @Test func `all problems are told at once`() {
        let stack = sampleStack {
            $0.name = "Orders"
            $0.functions.memory = 64
            $0.eventBus.shards = 0
            $0.mail = .ses(sender: "shop")
        }
        #expect(
            stack.messages == [
                "the stack's name 'Orders' is not valid",
                "a function can't have 64 MiB",
                "the event bus can't have 0 shards",
                "mail can't be sent from 'shop'",
            ])
    }

    @Test(arguments: ["", "Orders", "orders_1", "1orders", "-a", "a-", "a--b", "örders", "a-name-of-21-letters-"])
    func `a stack's name that AWS or a reader would trip over is refused`(name: String) {
        #expect(sampleStack { $0.name = name }.messages.count == 1)
    }

    @Test(arguments: ["a", "orders", "orders-2", "a-name-of-20-letters"])
    func `a stack's name of lower-case letters, digits and hyphens is accepted`(name: String) {
        #expect(sampleStack { $0.name = name }.problems() == [])
    }

    @Test(arguments: [
        (127, false), (128, true), (10_240, true), (10_241, false), (.min, false), (.max, false),
    ])
    func `memory has Lambda's limits`(mebibytes: Int, isAllowed: Bool) {
        #expect(sampleStack { $0.functions.memory = mebibytes }.problems().isEmpty == isAllowed)
    }

    @Test func `an amount that is too large to be counted is a problem, not a trap`() {
        let stack = sampleStack {
            $0.functions = .swiftProduct("P", memory: .gibibytes(.max))
            $0.eventBus = .kinesis(retention: .days(.min))
        }
        #expect(stack.messages.count == 2)
    }

    @Test(arguments: [(19, false), (20, true), (29, true), (30, false)])
    func `a timeout outlasts a handover and ends before the API's`(seconds: Int, isAllowed: Bool) {
        #expect(sampleStack { $0.functions.timeoutSeconds = seconds }.problems().isEmpty == isAllowed)
    }

    @Test(arguments: [(0, false), (1, true), (1000, true), (1001, false)])
    func `the ledger has 1 to 1,000 shards`(shards: Int, isAllowed: Bool) {
        #expect(sampleStack { $0.eventStore.ledgerShards = shards }.problems().isEmpty == isAllowed)
    }

    @Test(arguments: [(23, false), (24, true), (8760, true), (8761, false)])
    func `the bus keeps records as long as Kinesis can`(hours: Int, isAllowed: Bool) {
        #expect(sampleStack { $0.eventBus.retentionHours = hours }.problems().isEmpty == isAllowed)
    }

    @Test(arguments: [(0, false), (30, true), (31, false), (365, true), (3653, true)])
    func `logs are kept for a period that CloudWatch Logs has`(days: Int, isAllowed: Bool) {
        #expect(sampleStack { $0.functions.logRetentionDays = days }.problems().isEmpty == isAllowed)
    }

    @Test(arguments: [(nil, true), (399, false), (400, true), (0, false)] as [(Int?, Bool)])
    func `concurrency holds back twice what arrives during a handover`(concurrency: Int?, isAllowed: Bool) {
        #expect(sampleStack { $0.functions.concurrency = concurrency }.problems().isEmpty == isAllowed)
    }

    @Test(arguments: [0, -1, .nan, .infinity] as [Double])
    func `a rate that can't be is refused`(rate: Double) {
        #expect(sampleStack { $0.traffic = .expected(writesPerSecond: rate) }.messages.count == 1)
    }

    @Test func `an enormous rate is a problem, not a trap`() {
        let stack = sampleStack {
            $0.functions.concurrency = 10
            $0.traffic = .expected(writesPerSecond: 1e300)
        }
        #expect(stack.messages.count == 1)
    }

    @Test(arguments: ["AWS_REGION", "IMMUTABLE_STACK", "LAMBDA_TASK_ROOT", "aws_x", "A", "1A", "A-B", ""])
    func `an environment variable that is taken or not a name is refused`(name: String) {
        #expect(sampleStack { $0.functions.environment = [name: "x"] }.messages.count == 1)
    }

    @Test func `an environment that Lambda has no room for is refused`() {
        let stack = sampleStack { $0.functions.environment = ["LARGE": String(repeating: "x", count: 4000)] }
        #expect(stack.messages.count == 1)
    }

    @Test(arguments: [
        "orders", "https://api.orders.example", "API.orders.example", "api..example", "-a.example", "a.example.",
        "api.orders.example/x", "",
    ])
    func `a domain that is none is refused`(domain: String) {
        #expect(sampleStack { $0.api.domain = domain }.messages == ["'\(domain)' is not a domain name"])
    }

    @Test(arguments: [
        ("arn:aws:acm:eu-west-1:123456789012:certificate/0a-1b", true),
        ("arn:aws-cn:acm:cn-north-1:123456789012:certificate/0a-1b", true),
        ("arn:aws:iam::123456789012:server-certificate/x", false), ("certificate/0a-1b", false),
        ("arn:aws:acm:eu-west-1:1234:certificate/0a-1b", false), ("", false),
    ])
    func `a certificate is an ARN of Certificate Manager`(certificate: String, isAllowed: Bool) {
        #expect(sampleStack { $0.api.certificate = certificate }.problems().isEmpty == isAllowed)
    }

    @Test func `functions from a zip need a path, a runtime and a handler`() {
        #expect(
            sampleStack { $0.functions = .zip("build/f.zip", runtime: "python3.13", handler: "a.b") }.messages == [])
        #expect(sampleStack { $0.functions = .zip("build", runtime: "", handler: "") }.messages.count == 3)
    }

    @Test func `a stack without commands is refused`() {
        #expect(sampleStack { $0.commands = [] }.messages.count == 1)
    }
}
