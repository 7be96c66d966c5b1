import Foundation
import StackDescription
import Testing

@testable import ManifestLoading

@Suite struct DiagnosticTests {
    @Test func `a compiler's error cites the user's file and line`() async throws {
        let error = try await Fixture(Fixture.manifest("let other: Int = \"x\"")).failure()
        #expect(
            "\(try #require(error))".hasPrefix(
                "Stack.swift:10:18: error: cannot convert value of type 'String' to specified type 'Int'"))
    }

    @Test func `a directory without a manifest says so`() async throws {
        let fixture = try Fixture(nil)
        let path = fixture.directory.path(percentEncoded: false)
        #expect(try await fixture.failure() == .noManifest(directory: path))
    }

    @Test(arguments: [
        ("import StackDescription", ManifestError.noVersionLine(found: "import StackDescription")),
        ("", .noVersionLine(found: "")),
        ("// immutable-stack-version: x", .noVersionLine(found: "// immutable-stack-version: x")),
        ("// immutable-stack-version: 2", .unsupportedVersion(2)),
        ("// immutable-stack-version: 0\r\nimport StackDescription", .unsupportedVersion(0)),
    ])
    func `a first line that names no version of ours is refused`(manifest: String, expected: ManifestError) async throws {
        #expect(try await Fixture(manifest).failure() == expected)
    }

    @Test func `lines that end as on Windows are lines`() async throws {
        let manifest = Fixture.manifest().replacing("\n", with: "\r\n")
        #expect(try await Fixture(manifest).load().stack.name == "orders")
    }

    @Test func `a manifest that describes no stack says so, with what it printed`() async throws {
        let error = try await Fixture("// immutable-stack-version: 1\nprint(\"hello\")").failure()
        #expect(error == .noStack(output: "hello"))
    }

    @Test func `a manifest that describes two stacks names them`() async throws {
        let second = """
            let second = Stack(
                "permits", functions: .swiftProduct("P"), api: .http(domain: "a.example"), commands: [])
            """
        #expect(try await Fixture(Fixture.manifest(second)).failure() == .severalStacks(names: ["orders", "permits"]))
    }

    @Test func `a manifest that crashes says by what signal`() async throws {
        let error = try await Fixture(Fixture.manifest("let none: [Int] = []\nprint(none[0])")).failure()
        guard case .crashed(let signal, let output) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect([SIGILL, SIGTRAP].contains(signal))
        #expect(output.contains("Index out of range"))
    }

    @Test func `a manifest that ends with a status says which`() async throws {
        let error = try await Fixture(Fixture.manifest("import Foundation\nexit(3)")).failure()
        #expect(error == .failed(status: 3, output: ""))
    }

    @Test func `a manifest that does not end is stopped`() async throws {
        let fixture = try Fixture(Fixture.manifest("while true {}"), timeLimit: .seconds(5))
        #expect(try await fixture.failure() == .timedOut(.running, limit: .seconds(5)))
    }

    @Test func `problems are told all at once, with their lines`() async throws {
        let manifest = """
            // immutable-stack-version: 1
            import StackDescription

            let stack = Stack(
                "orders",
                functions: .swiftProduct("OrdersFunctions", timeout: .seconds(5)),
                api: .http(domain: "api.orders.example"),
                commands: [
                    // "ShipOrder" comes twice.
                    .command("ShipOrder", on: .post("/orders")),
                    .command("ShipOrder", on: .post("/orders/{id")),
                ]
            )
            """
        let error = try #require(try await Fixture(manifest).failure())
        #expect(
            "\(error)" == """
                Stack.swift:6: error: a timeout of 5 s is too short
                  hint: a request may wait 10 s for a handover and needs 10 s for itself: 20 to 29 s
                Stack.swift:11: error: there are two commands 'ShipOrder'
                  hint: a command has one route
                Stack.swift:11: error: the route 'POST /orders/{id' is not valid: the segment '{id'
                  hint: letters, digits and -._~, or a parameter as a whole segment: {orderId}
                """)
    }

    @Test func `what the catalogue doesn't have is told with its line`() async throws {
        let manifest = try await Fixture(Fixture.manifest()).load()
        let error = #expect(throws: ManifestError.self) {
            try manifest.check(against: Catalogue(commands: ["PlaceOrdr"]))
        }
        #expect(
            error.map { "\($0)" }
                == "Stack.swift:8: error: the functions have no command 'PlaceOrder'\n  hint: did you mean 'PlaceOrdr'?"
        )
        try manifest.check(against: Catalogue(commands: ["PlaceOrder"]))
    }

    @Test func `a result of another version is refused, whatever else it has`() {
        #expect(throws: ManifestError.unexpectedResultVersion(2)) {
            try ManifestResult.stack(in: #"{"version":2,"x":1}"#)
        }
        #expect(throws: ManifestError.unreadableResult(reason: "'version' is missing")) {
            try ManifestResult.stack(in: "{}")
        }
        #expect(throws: ManifestError.unreadableResult(reason: "stack: 'functions' is missing")) {
            try ManifestResult.stack(in: #"{"version":1,"stack":{"name":"orders"}}"#)
        }
    }
}
