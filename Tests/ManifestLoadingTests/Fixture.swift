import Foundation
import ManifestLoading
import StackDescription

/// A directory with a manifest and a cache of its own, removed at the end.
final class Fixture {
    let directory: URL
    let loader: ManifestLoader

    init(
        _ manifest: String?, toolchain: Toolchain = .standard(), timeLimit: Duration = .seconds(60)
    ) throws {
        directory = FileManager.default.temporaryDirectory.appending(path: "manifest-test-\(UUID().uuidString)")
        loader = ManifestLoader(
            toolchain: toolchain, cacheDirectory: directory.appending(path: "cache"), timeLimit: timeLimit)
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        if let manifest { try write(manifest) }
    }

    deinit { try? FileManager.default.removeItem(at: directory) }

    func write(_ manifest: String) throws {
        try Data(manifest.utf8).write(to: directory.appending(path: ManifestLoader.fileName))
    }

    func load() async throws -> LoadedManifest { try await loader.load(directory) }

    /// The error that loading ends with.
    func failure() async throws -> ManifestError? {
        do {
            _ = try await load()
            return nil
        } catch let error as ManifestError {
            return error
        }
    }

    var cacheEntries: [URL] {
        get throws {
            try FileManager.default.contentsOfDirectory(
                at: directory.appending(path: "cache"), includingPropertiesForKeys: nil)
        }
    }

    /// A manifest of the stack `orders`; `more` comes after its last argument.
    static func manifest(_ more: String = "", before: String = "") -> String {
        """
        // immutable-stack-version: 1
        import StackDescription
        \(before)
        let stack = Stack(
            "orders",
            functions: .swiftProduct("OrdersFunctions"),
            api: .http(domain: "api.orders.example"),
            commands: [.command("PlaceOrder", on: .post("/orders"))]
        )
        \(more)
        """
    }
}
