import Foundation
import Testing

extension EndToEnd {
    /// One cycle under fire: there and back, with a seed that kills the tool in a handover. Docs: docs/under-fire.md.
    @Suite struct FireDrillTests {
        private struct Figures: Decodable {
            struct Requests: Decodable {
                var sent: Int
                var failed: Int
            }
            var cycles: Int
            var requests: Requests
            var finding: String?
        }

        @Test func `a cycle under fire loses nothing`() async throws {
            let scratch = FileManager.default.temporaryDirectory.appending(path: "scenario-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: scratch) }
            let drill = try Child.start(
                Products.path(Products.directory.appending(path: "fire-drill")),
                ["--cycles", "1", "--seed", "1", "--clients", "2", "--products", Products.path(Products.directory), "--json"],
                environment: Cloud.plainEnvironment, scratch: scratch)
            let end = try await drill.end(within: .seconds(600))
            try #require(end.status == 0, "\(end)")
            let figures = try JSONDecoder().decode(Figures.self, from: Data(end.output.utf8))
            #expect(figures.cycles == 1 && figures.finding == nil)
            #expect(figures.requests.sent > 0 && figures.requests.failed == 0)
        }
    }
}
