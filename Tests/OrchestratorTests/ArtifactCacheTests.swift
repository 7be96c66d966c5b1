import Foundation
import StackDescription
import Testing

@testable import Orchestrator

struct ArtifactCacheTests {
    private let folder: TemporaryFolder
    private let cache: ArtifactCache

    init() throws {
        folder = try TemporaryFolder()
        cache = ArtifactCache(directory: URL(filePath: folder.path + "/cache"))
    }

    private func entries() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: folder.path + "/cache").sorted() }

    @Test func `an archive is found again by what it was packed from`() throws {
        let path = try folder.write("Shop", [1, 2, 3])
        let key = try #require(ArtifactCache.key(executable: path, packing: "stripped 1"))
        #expect(cache.read(key) == nil)
        cache.write([9, 9], for: key)
        #expect(cache.read(key) == [9, 9])
        #expect(ArtifactCache.key(executable: path, packing: "stripped 1") == key)
        #expect(ArtifactCache.key(executable: path, packing: "as built 6") != key)
    }

    @Test func `a rebuilt executable is another one`() throws {
        let path = try folder.write("Shop", [1, 2, 3])
        let before = ArtifactCache.key(executable: path, packing: "p")
        try FileManager.default.setAttributes([.modificationDate: Date(timeIntervalSince1970: 1)], ofItemAtPath: path)
        let touched = ArtifactCache.key(executable: path, packing: "p")
        try folder.write("Shop", [1, 2, 3, 4])
        try FileManager.default.setAttributes([.modificationDate: Date(timeIntervalSince1970: 1)], ofItemAtPath: path)
        #expect(Set([before, touched, ArtifactCache.key(executable: path, packing: "p")]).count == 3)
        #expect(ArtifactCache.key(executable: path + "x", packing: "p") == nil)
    }

    @Test func `a damaged entry counts as absent`() throws {
        cache.write([1, 2, 3], for: "key")
        let name = try #require(try entries().first)
        try folder.write("cache/" + name, [1, 2])
        #expect(cache.read("key") == nil)
    }

    @Test func `the eight newest entries are kept, and reading makes one new`() throws {
        for number in 0..<ArtifactCache.entryLimit {
            cache.write([UInt8(number)], for: "key\(number)")
            let name = try #require(try entries().first { $0.hasPrefix("key\(number).") })
            let age = [FileAttributeKey.modificationDate: Date(timeIntervalSinceNow: Double(number) - 1000)]
            try FileManager.default.setAttributes(age, ofItemAtPath: folder.path + "/cache/" + name)
        }
        #expect(cache.read("key0") == [0])
        cache.write([100], for: "another")
        #expect(try entries().count == 8)
        #expect(cache.read("key1") == nil)
        #expect(cache.read("key0") == [0])
        #expect(cache.read("another") == [100])
    }

    @Test func `a second build takes the archive of the first`() async throws {
        try folder.script("Shop", #"echo '{"commands":[],"projections":[],"reactors":[],"transforms":[],"eventTypes":[]}'"#)
        let builder = ArtifactBuilder(
            products: folder.path, local: true, environment: ["PATH": "/usr/bin:/bin"], cacheDirectory: cache.directory, progress: { _ in })
        let first = try await builder.build(.swiftProduct("Shop"), manifestDirectory: folder.path)
        let kept = try entries()
        #expect(kept.count == 1 && kept.first?.hasSuffix(".\(first.artifact.digest).zip") == true)
        #expect(try await builder.build(.swiftProduct("Shop"), manifestDirectory: folder.path) == first)
        #expect(try entries() == kept)
    }

    @Test func `the cache is where the user's caches are`() {
        #expect(
            ArtifactCache.standardDirectory(environment: ["HOME": "/h"])?.path(percentEncoded: false) == "/h/.cache/immutable/artifacts")
        let xdg = ArtifactCache.standardDirectory(environment: ["HOME": "/h", "XDG_CACHE_HOME": "/x"])
        #expect(xdg?.path(percentEncoded: false) == "/x/immutable/artifacts")
        #expect(ArtifactCache.standardDirectory(environment: [:]) == nil)
    }
}
