import StackDescription
import Testing

@Suite struct NameValidationTests {
    @Test func `two handlers of one name are refused`() {
        #expect(
            sampleStack { $0.commands.append(.command("PlaceOrder", on: .post("/x"))) }.messages
                == ["there are two commands 'PlaceOrder'"])
        #expect(
            sampleStack { $0.reactors.append(.reactor("ConfirmationMailer")) }.messages
                == ["there are two reactors 'ConfirmationMailer'"])
    }

    @Test func `two handlers that would be one function are refused`() {
        #expect(
            sampleStack { $0.reactors.append(.reactor("PlaceOrder")) }.messages
                == ["'PlaceOrder' and 'PlaceOrder' would both be the function 'place-order'"])
        #expect(
            sampleStack { $0.reactors.append(.reactor("placeOrder")) }.messages
                == ["'PlaceOrder' and 'placeOrder' would both be the function 'place-order'"])
        #expect(
            sampleStack { $0.reactors.append(.reactor("OrderSummaryQuery")) }.messages
                == ["'order-summary' and 'OrderSummaryQuery' would both be the function 'order-summary-query'"])
    }

    @Test(arguments: [37, 38])
    func `a function's name fits Lambda with the longest stack and release`(length: Int) {
        let stack = sampleStack {
            $0.name = "a-name-of-20-letters"
            $0.reactors = [.reactor("R" + String(repeating: "x", count: length - 1))]
        }
        #expect(stack.problems().isEmpty == (length == 37))
    }

    @Test(arguments: [242, 243])
    func `a table's name fits DynamoDB with the stack and a release`(length: Int) {
        let stack = sampleStack {
            $0.readModels[0].name = String(repeating: "x", count: length)
            $0.readModels[0].serves = []
            $0.parity = []
        }
        #expect(stack.problems().isEmpty == (length == 242))
    }

    @Test(arguments: ["events", "cursors", "ledger", "effects", "Summary", "", "order summary"])
    func `a read model's name that is taken or can't name a table is refused`(name: String) {
        let stack = sampleStack {
            $0.readModels[0].name = name
            $0.readModels[0].serves = []
            $0.parity = []
        }
        #expect(stack.messages.count == 1)
    }

    @Test func `a read model without a projection is refused`() {
        #expect(
            sampleStack { $0.readModels[0].projection = "" }.messages.contains(
                "read model 'order-summary' has no projection"))
    }

    @Test func `a projection fills one read model`() {
        let stack = sampleStack { $0.readModels.append(.table("other", projectedBy: "OrderSummary")) }
        #expect(stack.messages == ["the projection 'OrderSummary' fills more than one read model"])
    }

    @Test func `two read models of one name are refused`() {
        let stack = sampleStack { $0.readModels.append(.table("order-summary", projectedBy: "Other")) }
        #expect(stack.messages == ["there are two read models 'order-summary'"])
    }

    @Test func `an index is on fields of the document`() {
        func messages(_ indexes: [ReadModel.Index]) -> [String] {
            sampleStack { $0.readModels[0].indexes += indexes }.messages
        }
        #expect(messages([.index("by-day", on: "day", sortedBy: "total")]) == [])
        #expect(messages([.index("by-day", on: "_revision")]).count == 1)
        #expect(messages([.index("by-day", on: "day", sortedBy: "day")]).count == 1)
        #expect(messages([.index("by-customer", on: "day")]).count == 1)
        #expect(messages([.index("x", on: "day")]).count == 1)
        #expect(messages((1...20).map { .index("index-\($0)", on: "day") }).count == 1)
    }
}
