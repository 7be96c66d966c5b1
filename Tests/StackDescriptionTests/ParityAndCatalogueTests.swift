import StackDescription
import Testing

@Suite struct ParityAndCatalogueTests {
    private let catalogue = Catalogue(
        commands: ["PlaceOrder", "ShipOrder", "PayOrder"], projections: ["OrderSummary"],
        reactors: ["ConfirmationMailer"], transforms: [.init(name: "SplitCustomerName", reversible: true)],
        eventTypes: [.init(name: "OrderPlaced", schema: 2)])

    @Test func `parity of a read model that isn't there names the one that was meant`() {
        let problems = sampleStack { $0.parity.append(.readModel("order-sumary", .new)) }.problems()
        #expect(
            problems.map(\.message) == ["parity is expected of 'order-sumary', which is not a read model of this stack"]
        )
        #expect(problems.map(\.hint) == ["did you mean 'order-summary'?"])
    }

    @Test func `two expectations of one read model are refused`() {
        #expect(sampleStack { $0.parity.append(.readModel("order-summary", .new)) }.messages.count == 1)
    }

    @Test func `a read model is left unchecked only for a reason`() {
        #expect(sampleStack { $0.parity = [.readModel("order-summary", .unchecked(because: " "))] }.messages.count == 1)
        #expect(sampleStack { $0.parity = [.readModel("order-summary", .unchecked(because: "x"))] }.messages == [])
    }

    @Test func `a document's id can't be ignored`() {
        #expect(
            sampleStack { $0.parity = [.readModel("order-summary", .exact(ignoring: ["id"]))] }.messages.count == 1)
    }

    @Test func `tolerances, lists in any order and mappings are taken, and nonsense among them is refused`() {
        func messages(_ check: ParityExpectation.Check) -> [String] {
            sampleStack { $0.parity = [.readModel("order-summary", check)] }.messages
        }
        #expect(messages(.exact(ignoring: ["updatedAt"], within: ["total": 0.01], unordered: ["lines"])) == [])
        #expect(messages(.exact(within: ["total": -1])).count == 1)
        #expect(messages(.exact(unordered: [""])).count == 1)
        #expect(messages(.mapped(by: "OldSummary", ignoring: ["updatedAt"])) == [])
        #expect(messages(.mapped(by: "old summary")).count == 1)
        let mapped = sampleStack { $0.parity = [.readModel("order-summary", .mapped(by: "OldSummary"))] }
        #expect(mapped.problems(against: catalogue).map(\.message) == ["the functions have no mapping 'OldSummary'"])
        #expect(mapped.functionParts.map(\.name).last == "mapping-old-summary")
    }

    @Test func `a read model is removed only where it is gone`() {
        #expect(sampleStack { $0.parity.append(.readModel("old-report", .removed)) }.messages == [])
        #expect(sampleStack { $0.parity = [.readModel("order-summary", .removed)] }.messages.count == 1)
    }

    @Test func `a read model of which nothing is said has to be equal`() {
        #expect(sampleStack { $0.parity = [] }.parityCheck(of: "order-summary") == .exact)
        #expect(sampleStack().parityCheck(of: "order-summary") == .exact(ignoring: ["updatedAt"]))
    }

    @Test func `a stack that the functions can serve has no problems with their catalogue`() {
        #expect(sampleStack().problems(against: catalogue) == [])
    }

    @Test func `what the functions don't have is named with what was probably meant`() {
        let stack = sampleStack {
            $0.commands[0].handler = "PlaceOrdr"
            $0.readModels[0].projection = "Totals"
            $0.reactors[0].handler = "confirmationMailer"
            $0.transform = .copy("SplitName", reversible: false)
        }
        #expect(
            stack.problems(against: catalogue).map(\.description) == [
                "the functions have no command 'PlaceOrdr'\n  hint: did you mean 'PlaceOrder'?",
                "the functions have no projection 'Totals'\n  hint: they have: OrderSummary",
                "the functions have no reactor 'confirmationMailer'\n  hint: did you mean 'ConfirmationMailer'?",
                "the functions have no transform 'SplitName'\n  hint: they have: SplitCustomerName",
            ])
    }

    @Test func `a transform is not called reversible when it isn't`() {
        var catalogue = catalogue
        catalogue.transforms = [.init(name: "SplitCustomerName", reversible: false)]
        #expect(
            sampleStack().problems(against: catalogue).map(\.message)
                == ["the transform 'SplitCustomerName' is not reversible"])
        #expect(sampleStack { $0.transform?.reversible = false }.problems(against: catalogue) == [])
    }

    @Test func `a transform that merges streams says so in the manifest`() {
        var catalogue = catalogue
        catalogue.transforms = [.init(name: "SplitCustomerName", reversible: true, merging: true)]
        #expect(
            sampleStack().problems(against: catalogue).map(\.message) == ["the transform 'SplitCustomerName' merges streams"])
        #expect(
            sampleStack { $0.transform = .copy("SplitCustomerName", reversible: true, merging: true) }.problems(against: catalogue) == [])
    }
}
