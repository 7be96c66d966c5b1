import Foundation
import StackDescription
import Synchronization
import Testing

@testable import Orchestrator

struct ArtifactBuilderTests {
    private let folder: TemporaryFolder
    private let notes = Notes()

    init() throws { folder = try TemporaryFolder() }

    private final class Notes: Sendable {
        let all = Mutex<[String]>([])
        var sink: ProgressSink {
            { progress in if case .note(let text) = progress { self.all.withLock { $0.append(text) } } }
        }
    }

    private func build(
        _ functions: Functions, products: String? = nil, local: Bool = true, environment: [String: String] = ["PATH": "/usr/bin:/bin"],
        cache: String? = nil, manifest: String = ""
    ) async throws -> BuiltArtifact {
        try await ArtifactBuilder(
            products: products, local: local, environment: environment, cacheDirectory: cache.map { URL(filePath: $0) },
            progress: notes.sink
        ).build(functions, manifestDirectory: folder.path + manifest)
    }

    private func failure(_ body: () async throws -> BuiltArtifact) async throws -> ArtifactError {
        try await #require(throws: ArtifactError.self) { _ = try await body() }
    }

    private static let catalogue = #"echo '{"commands":["Place"],"projections":[],"reactors":[],"transforms":[],"eventTypes":[]}'"#

    @Test func `a built product is packed as bootstrap and asked for its catalogue`() async throws {
        try folder.script("products/Shop", Self.catalogue)
        let built = try await build(.swiftProduct("Shop"), products: folder.path + "/products")
        #expect(built.catalogue == Catalogue(commands: ["Place"]))
        #expect(built.artifact.runtime == "provided.al2023")
        #expect(built.artifact.kind == "debug")
        #expect(built.artifact.digest.count == 64)
        let script = Array("#!/bin/sh\n\(Self.catalogue)\n".utf8)
        #expect(built.artifact.zip == (try ZipArchive.write([.init(name: "bootstrap", bytes: script, mode: 0o755)], level: 1)))
        #expect(try await build(.swiftProduct("Shop"), products: folder.path + "/products", local: false).artifact.kind == "release")
    }

    @Test func `a product gets no credentials`() async throws {
        try folder.script(
            "Shop", "test -z \"$AWS_SECRET_ACCESS_KEY$OTHER\" && test \"$LD_LIBRARY_PATH\" = /nowhere || exit 9\n\(Self.catalogue)")
        let environment = ["PATH": "/usr/bin:/bin", "AWS_SECRET_ACCESS_KEY": "x", "OTHER": "y", "LD_LIBRARY_PATH": "/nowhere"]
        #expect(try await build(.swiftProduct("Shop"), products: folder.path, environment: environment).catalogue != nil)
    }

    @Test func `a product that isn't there is named with its path`() async throws {
        let error = try await failure { try await build(.swiftProduct("Shop"), products: folder.path) }
        #expect(error == .noProduct(name: "Shop", path: folder.path + "/Shop", built: false))
    }

    @Test func `a folder is no product`() async throws {
        try folder.write("Shop/file", [])
        let error = try await failure { try await build(.swiftProduct("Shop"), products: folder.path) }
        #expect(error == .noProduct(name: "Shop", path: folder.path + "/Shop", built: false))
    }

    @Test(arguments: [
        ("kill -SEGV $$", "crashed with signal 11"), ("echo oops >&2; exit 3", "ended with status 3"),
        ("echo hello", "printed something else than a catalogue"), ("true", "printed something else than a catalogue"),
    ])
    func `a product without a catalogue is an error`(script: String, reason: String) async throws {
        let path = try folder.script("Shop", script)
        let error = try await failure { try await build(.swiftProduct("Shop"), products: folder.path) }
        guard case .catalogueFailed(path, reason, let output) = error else {
            Issue.record(error)
            return
        }
        #expect(output == (script.contains("oops") ? "oops" : script.contains("hello") ? "hello" : ""))
    }

    @Test func `a product that can't be started is an error`() async throws {
        let path = try folder.write("Shop", Self.catalogue.utf8)
        let error = try await failure { try await build(.swiftProduct("Shop"), products: folder.path) }
        guard case .cannotStart(path, _) = error else {
            Issue.record(error)
            return
        }
    }

    @Test func `a product that is being written is an error that says so`() async throws {
        let path = try folder.script("Shop", Self.catalogue)
        let writing = try FileHandle(forWritingTo: URL(filePath: path))
        defer { try? writing.close() }
        let error = try await failure { try await build(.swiftProduct("Shop"), products: folder.path) }
        guard case .cannotStart(path, let reason) = error else {
            Issue.record(error)
            return
        }
        #expect(reason.contains("Text file busy"))
    }

    @Test func `a product for another machine is packed without a catalogue, and that is said`() async throws {
        try folder.write("Shop", Self.elf(machine: 243), executable: true)
        let built = try await build(.swiftProduct("Shop"), products: folder.path, local: false)
        #expect(built.catalogue == nil)
        #expect(notes.all.withLock { $0 }.first?.contains("built for another machine") == true)
    }

    @Test func `a program of macOS is nothing for Lambda`() async throws {
        let path = try folder.write("Shop", [0xCF, 0xFA, 0xED, 0xFE] + Array(repeating: 0, count: 16), executable: true)
        let error = try await failure { try await build(.swiftProduct("Shop"), products: folder.path, local: false) }
        #expect(error == .notForLambda(path: path))
    }

    @Test func `a local product is stripped, and the archive keeps its symbols where that fails`() async throws {
        let products = folder.path + "/products"
        try folder.write("products/Shop", Self.elf(machine: Self.thisMachine), executable: true)
        // The catalogue of this product can't be had, so it is packed by itself.
        try folder.script("bin/strip", "printf stripped > \"$1\"")
        let stripper = try #require(SymbolStripper(environment: ["PATH": folder.path + "/bin:/usr/bin:/bin"]))
        #expect(try await stripper.strip(products + "/Shop") == Array("stripped".utf8))
        #expect(try Data(contentsOf: URL(filePath: products + "/Shop")).count == 20)
        try folder.script("bin/strip", "exit 1")
        #expect(try await stripper.strip(products + "/Shop") == nil)
        try folder.script("other/llvm-objcopy", "test \"$1\" = --strip-all && printf copied > \"$2\"")
        let objcopy = try #require(SymbolStripper(environment: ["PATH": folder.path + "/other"]))
        #expect(try await objcopy.strip(products + "/Shop") == Array("copied".utf8))
        #expect(SymbolStripper(environment: ["PATH": folder.path]) == nil)
    }

    @Test func `a ready-made archive is taken as it is, relative to the manifest`() async throws {
        let zip = try ZipArchive.write([.init(name: "app.py", bytes: [1])], level: 6)
        try folder.write("app.zip", zip)
        try folder.write("stack/Stack.swift", [])
        let built = try await build(.zip("../app.zip", runtime: "python3.12", handler: "app.main"), manifest: "/stack")
        #expect(built.artifact.zip == zip)
        #expect(built.artifact.runtime == "python3.12")
        #expect(built.artifact.kind == "zip")
        #expect(built.catalogue == nil)
    }

    @Test func `an archive that is too large is refused with its size and the limit`() async throws {
        let path = try folder.write("app.zip", [0x50, 0x4B, 0x03, 0x04])
        let file = try FileHandle(forWritingTo: URL(filePath: path))
        try file.truncate(atOffset: 50_000_001)
        let error = try await failure { try await build(.zip("app.zip", runtime: "r", handler: "h")) }
        #expect(error == .tooLarge(what: path, bytes: 50_000_001))
        #expect("\(error)".contains("50000001 bytes") && "\(error)".contains("50000000"))
    }

    @Test(arguments: ["missing.zip", "folder", "text.zip"])
    func `what is no archive is refused`(name: String) async throws {
        try folder.write("folder/x", [])
        try folder.write("text.zip", Array("text".utf8))
        guard case .noArchive(let path, _) = try await failure({ try await build(.zip(name, runtime: "r", handler: "h")) }) else {
            Issue.record("not refused as an archive")
            return
        }
        #expect(path.hasSuffix(name))
    }

    static func elf(machine: UInt16) -> [UInt8] {
        [0x7F, 0x45, 0x4C, 0x46, 2, 1, 1] + Array(repeating: 0, count: 9) + [2, 0, UInt8(machine & 255), UInt8(machine >> 8)]
    }

    #if arch(x86_64)
        static let thisMachine: UInt16 = 62
    #else
        static let thisMachine: UInt16 = 183
    #endif
}
