import Foundation
import Testing

@testable import ManifestLoading

@Suite struct CacheTests {
    @Test func `a manifest that has not changed is not compiled again`() async throws {
        let fixture = try Fixture(Fixture.manifest())
        let first = try await fixture.load()
        let second = try await fixture.load()
        #expect(second.fromCache)
        #expect(second.stack == first.stack)
        #expect(second.json == first.json)
    }

    @Test func `a manifest that has changed is compiled again`() async throws {
        let fixture = try Fixture(Fixture.manifest())
        _ = try await fixture.load()
        try fixture.write(Fixture.manifest().replacing("api.orders.example", with: "api.other.example"))
        let changed = try await fixture.load()
        #expect(!changed.fromCache)
        #expect(changed.stack.api.domain == "api.other.example")
    }

    @Test(arguments: ["", "nonsense", "0\n{}", "\u{0}\n\n"])
    func `a damaged entry counts as absent and is replaced`(content: String) async throws {
        let fixture = try Fixture(Fixture.manifest())
        let good = try await fixture.load()
        let entry = try #require(try fixture.cacheEntries.first)
        try Data(content.utf8).write(to: entry)
        #expect(try await fixture.load().fromCache == false)
        let again = try await fixture.load()
        #expect(again.fromCache)
        #expect(again.stack == good.stack)
    }

    @Test func `an entry of which one letter has changed counts as absent`() async throws {
        let fixture = try Fixture(Fixture.manifest())
        _ = try await fixture.load()
        let entry = try #require(try fixture.cacheEntries.first)
        let text = try String(contentsOf: entry, encoding: .utf8)
        try Data(text.replacing("PlaceOrder", with: "PlaceOrdes").utf8).write(to: entry)
        let manifest = try await fixture.load()
        #expect(!manifest.fromCache)
        #expect(manifest.stack.commands[0].handler == "PlaceOrder")
    }

    @Test func `a manifest that failed leaves no entry`() async throws {
        let fixture = try Fixture(Fixture.manifest("let other = Stack(1)"))
        _ = try await fixture.failure()
        #expect((try? fixture.cacheEntries) ?? [] == [])
    }

    @Test func `a stack with problems has them from the cache too`() async throws {
        let fixture = try Fixture(Fixture.manifest().replacing("api.orders.example", with: "orders"))
        let first = try await fixture.failure()
        #expect(try fixture.cacheEntries.count == 1)
        #expect(try await fixture.failure() == first)
        #expect(first != nil)
    }

    @Test func `the cache is where the user keeps caches`() {
        func directory(_ environment: [String: String]) -> String? {
            ManifestLoader.standardCacheDirectory(environment: environment)?.path(percentEncoded: false)
        }
        #expect(directory(["XDG_CACHE_HOME": "/c", "HOME": "/h"]) == "/c/immutable/manifests")
        #expect(directory(["XDG_CACHE_HOME": "relative", "HOME": "/h"]) == "/h/.cache/immutable/manifests")
        #expect(directory([:]) == nil)
    }
}
