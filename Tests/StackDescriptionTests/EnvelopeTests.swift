import Foundation
import Testing

@testable import StackDescription

@Suite struct EnvelopeTests {
    @Test func `a stack is written as one line of JSON with sorted keys`() throws {
        let json = try Envelope(stacks: [sampleStack()]).json()
        #expect(
            json
                == #"{"stack":{"api":{"domain":"api.orders.example","stage":"live"},"commands":["#
                + #"{"handler":"PlaceOrder","route":{"method":"POST","path":"/orders"}},"#
                + #"{"handler":"ShipOrder","route":{"method":"POST","path":"/orders/{orderId}/shipment"}}],"#
                + #""eventBus":{"retentionHours":24,"shards":1},"#
                + #""eventStore":{"ledgerShards":64,"pointInTimeRecovery":true},"#
                + #""functions":{"artifact":{"swiftProduct":{"name":"OrdersFunctions"}},"environment":{},"#
                + #""logRetentionDays":30,"memory":512,"timeoutSeconds":25},"#
                + #""mail":{"sender":"shop@orders.example"},"name":"orders","#
                + #""parity":[{"check":{"exact":{"ignoring":["updatedAt"],"unordered":[],"within":{}}},"readModel":"order-summary"}],"#
                + #""reactors":[{"handler":"ConfirmationMailer","inDoubt":"park"}],"#
                + #""readModels":[{"indexes":[{"key":"customerEmail","name":"by-customer"}],"name":"order-summary","#
                + #""projection":"OrderSummary","serves":[{"path":"/orders/{orderId}"},"#
                + #"{"listing":"by-customer","path":"/customers/{email}/orders"}]}],"retiredRoutes":[],"#
                + #""traffic":{"writesPerSecond":20.0},"#
                + #""transform":{"name":"SplitCustomerName","reversible":true}},"version":1}"#)
    }

    @Test func `what is written is read back as the same stack`() throws {
        let stack = sampleStack {
            $0.functions = .zip(
                "build/functions.zip", runtime: "python3.13", handler: "app.handler", memory: .gibibytes(1),
                concurrency: 400, environment: ["GREETING": "a \"b\"\\\n\u{1}ü🙂", "B": ""])
            $0.api.certificate = "arn:aws:acm:eu-west-1:123456789012:certificate/abc-1"
            $0.readModels[0].indexes[0].sortKey = "placedAt"
            $0.reactors = [.reactor("Mailer", after: .crash(.retry))]
            $0.parity = [.readModel("order-summary", .unchecked(because: "its clock")), .readModel("x", .new)]
            $0.retiredRoutes = [.gone(.delete("/orders/{orderId}"))]
            $0.traffic = .expected(writesPerSecond: 0.1)
        }
        let envelope = Envelope(stacks: [stack])
        let decoded = try JSONDecoder().decode(Envelope.self, from: Data(envelope.json().utf8))
        #expect(decoded == envelope)
        #expect(decoded.stack == stack)
    }

    @Test func `more than one stack is no stack but their names`() throws {
        let envelope = Envelope(stacks: [sampleStack(), sampleStack { $0.name = "permits" }])
        #expect(try envelope.json() == #"{"conflicting":["orders","permits"],"version":1}"#)
    }

    @Test func `a number that JSON does not have is an error`() {
        let stack = sampleStack { $0.traffic = .expected(writesPerSecond: .infinity) }
        #expect(throws: EncodingError.self) { try Envelope(stacks: [stack]).json() }
    }

    @Test func `nested and empty containers are written as Foundation writes them`() throws {
        struct Nested: Codable, Equatable {
            var list: [[Int?]] = [[1, nil], []]
            var map: [String: [String: Float]] = ["b": ["x": 1.5], "a": [:]]
            var small: UInt8 = 255
            var flag: Bool? = false
        }
        let text = try JSONText.encode(Nested())
        #expect(text == #"{"flag":false,"list":[[1,null],[]],"map":{"a":{},"b":{"x":1.5}},"small":255}"#)
        #expect(try JSONDecoder().decode(Nested.self, from: Data(text.utf8)) == Nested())
    }
}
