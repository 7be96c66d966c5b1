import ArgumentParser
import Orchestrator
import Testing

@testable import immutable

@Suite struct CommandLineTests {
    private func parse<C: ParsableCommand>(_ type: C.Type, _ arguments: [String]) throws -> C {
        try #require(try Immutable.parseAsRoot(arguments) as? C)
    }

    private func exitCode(_ arguments: [String]) -> Int32 {
        do {
            _ = try Immutable.parseAsRoot(arguments)
            return 0
        } catch {
            return Immutable.exitCode(for: error).rawValue
        }
    }

    @Test func `the options of a deployment are read`() throws {
        let deploy = try parse(
            Deploy.self,
            [
                "deploy", "stacks/permits", "--history", "log.csv", "--aggregate", "case:concept:name", "--type", "concept:name", "--time",
                "time:timestamp", "--format", "json",
            ])
        #expect(deploy.sources.directory == "stacks/permits")
        #expect(deploy.historyOptions.aggregate == "case:concept:name")
        #expect(deploy.format.format == .json)
    }

    @Test func `a guardrail is waived by name, more than one by repeating`() throws {
        let cutover = try parse(Cutover.self, ["cutover", "orders", "--yes", "--waive", "parked", "--waive", "effects"])
        #expect(cutover.waiver.waived == ["parked", "effects"])
        #expect(cutover.confirmation.yes)
    }

    @Test(arguments: [
        ["cutover"], ["deploy"], ["verify", "orders", "--format", "xml"], ["deploy", "x", "--type", "t"],
        ["deploy", "x", "--history", "f"],
        ["effects", "orders", "--done", "M/1", "--retry", "M/1"], ["frobnicate"],
        ["verify", "orders", "--format", "html"], ["parked", "orders", "frob"], ["parked", "orders", "list", "--reason", "x"],
        ["parked", "orders", "skip", "--stream", "o-1", "--reason", "x"],
        ["parked", "orders", "skip", "--stream", "o-1", "--consumer", "projector/m", "--reason", " "],
    ])
    func `wrong usage exits with 64`(arguments: [String]) {
        #expect(exitCode(arguments) == 64)
    }

    @Test func `the version is told`() {
        #expect(exitCode(["--version"]) == 0)
        #expect(Immutable.configuration.version == immutableVersion)
    }

    @Test func `colours are off where they aren't wanted`() {
        #expect(Terminal.allowsColour([:]))
        #expect(!Terminal.allowsColour(["NO_COLOR": "1"]))
        #expect(Terminal.allowsColour(["NO_COLOR": ""]))
        #expect(!Terminal.allowsColour(["TERM": "dumb"]))
    }

    @Test func `one unknown effect resolves none`() throws {
        let known = [Sample.doubt]
        #expect(try DoubtID.resolve(["ConfirmationMailer/e-1"], among: known) == known)
        let error = #expect(throws: UnknownDoubt.self) { try DoubtID.resolve(["ConfirmationMailer/e-1", "x/y"], among: known) }
        #expect(error?.description == "not in doubt: x/y. Nothing was changed.\nhint: in doubt are ConfirmationMailer/e-1")
    }
}
