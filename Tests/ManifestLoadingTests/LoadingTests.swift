import Foundation
import StackDescription
import Testing

@testable import ManifestLoading

@Suite struct LoadingTests {
    @Test func `a manifest gives the stack that it describes`() async throws {
        let fixture = try Fixture(Fixture.manifest())
        let manifest = try await fixture.load()
        #expect(
            manifest.stack
                == Stack(
                    "orders", functions: .swiftProduct("OrdersFunctions"), api: .http(domain: "api.orders.example"),
                    commands: [.command("PlaceOrder", on: .post("/orders"))]))
        #expect(!manifest.fromCache)
        #expect(manifest.json.hasPrefix(#"{"stack":{"api":{"domain":"api.orders.example""#))
        #expect(manifest.directory.lastPathComponent == fixture.directory.lastPathComponent)
    }

    @Test func `a manifest may be named by its file`() async throws {
        let fixture = try Fixture(Fixture.manifest())
        let path = fixture.directory.appending(path: "Stack.swift").path(percentEncoded: false)
        #expect(try await fixture.loader.load(path).stack.name == "orders")
    }

    @Test(arguments: ["orders", "orders-v2", "permits"])
    func `an example stack loads and has no problems`(example: String) async throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../stacks")
        let manifest = try await ManifestLoader(cacheDirectory: nil).load(root.appending(path: example))
        #expect(manifest.stack.name == example.prefix { $0 != "-" })
        #expect(manifest.stack.problems() == [])
    }

    @Test func `a manifest runs with an empty environment`() async throws {
        let fixture = try Fixture(
            """
            // immutable-stack-version: 1
            import Foundation
            import StackDescription
            let names = ProcessInfo.processInfo.environment.keys.sorted()
            let stack = Stack(
                "orders", functions: .swiftProduct("P", environment: ["SEEN": "\\(names)"]),
                api: .http(domain: "api.orders.example"), commands: [.command("A", on: .post("/a"))])
            """)
        #expect(try await fixture.load().stack.functions.environment == ["SEEN": "[]"])
    }

    #if os(Linux)
        @Test(.enabled(if: Isolation.standard.isEffective, "this system lets nobody give up the network"))
        func `a manifest runs without network`() async throws {
            let fixture = try Fixture(
                """
                // immutable-stack-version: 1
                import Foundation
                import StackDescription
                let text = (try? String(contentsOfFile: "/proc/net/dev", encoding: .utf8)) ?? ""
                let lines = text.split(separator: "\\n").dropFirst(2)
                let names = lines.map { $0.split(separator: ":")[0].filter(\\.isLetter) }
                let stack = Stack(
                    "orders", functions: .swiftProduct("P", environment: ["SEEN": "\\(names)"]),
                    api: .http(domain: "api.orders.example"), commands: [.command("A", on: .post("/a"))])
                """)
            #expect(try await fixture.load().stack.functions.environment == ["SEEN": #"["lo"]"#])
        }
    #endif

    @Test func `what a manifest prints does not disturb the result`() async throws {
        let fixture = try Fixture(Fixture.manifest("print(#\"{\"version\":1}\"#)"))
        #expect(try await fixture.load().stack.name == "orders")
    }
}
