import Foundation
import Testing

@testable import ManifestLoading

@Suite struct ToolchainTests {
    @Test func `without a compiler it says where it looked`() async throws {
        let toolchain = Toolchain.standard(environment: ["PATH": "/nowhere:/nowhere/else"])
        let error = try await Fixture(Fixture.manifest(), toolchain: toolchain).failure()
        #expect(error == .noCompiler(searched: ["/nowhere/swiftc", "/nowhere/else/swiftc"]))
    }

    @Test func `the compiler that SWIFT_EXEC names comes before those on the PATH`() throws {
        let toolchain = Toolchain.standard(environment: ["SWIFT_EXEC": "/bin/sh", "PATH": "/usr/bin"])
        #expect(try toolchain.compiler() == FileStamp(URL(filePath: "/bin/sh")))
    }

    @Test func `without the library it says where it looked`() async throws {
        let toolchain = Toolchain.standard(
            environment: ["SWIFT_EXEC": "/bin/sh", "IMMUTABLE_LIBS_DIR": "/nowhere"])
        #expect(
            try await Fixture(Fixture.manifest(), toolchain: toolchain).failure() == .noLibrary(searched: ["/nowhere"]))
    }

    @Test func `an installed library is one of module and dynamic library`() async throws {
        let built = try Toolchain.standard().library()
        let fixture = try Fixture(Fixture.manifest())
        let libraries = fixture.directory.appending(path: "lib")
        let files = FileManager.default
        try files.createDirectory(at: libraries, withIntermediateDirectories: true)
        let module = "StackDescription.swiftmodule"
        try files.copyItem(at: built.modules.appending(path: module), to: libraries.appending(path: module))
        #expect(LibraryFiles(in: libraries) == nil)

        let compiler = try Toolchain.standard().compiler()
        let library = libraries.appending(path: "libStackDescription.so").path(percentEncoded: false)
        let result = try await Subprocess(
            program: compiler.path,
            arguments: ["-emit-library", "-o", library] + built.code.map { $0.path(percentEncoded: false) },
            environment: ProcessInfo.processInfo.environment, directory: fixture.directory
        ).run(in: fixture.directory, limit: .seconds(60))
        try #require(result.end == .exited(0), "\(result.output)")

        let toolchain = Toolchain(compiler: [URL(filePath: compiler.path)], libraries: [libraries])
        #expect(try toolchain.library().code == [URL(filePath: library)])
        let loader = ManifestLoader(toolchain: toolchain, cacheDirectory: nil)
        #expect(try await loader.load(fixture.directory).stack.name == "orders")
    }

    @Test func `a library that was rebuilt has another key`() throws {
        let fixture = try Fixture(Fixture.manifest())
        let files = FileManager.default
        let directory = fixture.directory.appending(path: "lib")
        try files.createDirectory(at: directory, withIntermediateDirectories: true)
        for name in ["StackDescription.swiftmodule", "libStackDescription.a"] {
            try Data("a".utf8).write(to: directory.appending(path: name))
        }
        let compiler = try #require(FileStamp(URL(filePath: "/bin/sh")))
        func key() throws -> String {
            ManifestCache.key(
                source: Data(), compiler: compiler, library: try #require(LibraryFiles(in: directory)))
        }
        let first = try key()
        #expect(try key() == first)
        try Data("ab".utf8).write(to: directory.appending(path: "libStackDescription.a"))
        #expect(try key() != first)
    }

    @Test func `the compiler's messages lose the directory that it worked in`() {
        let text = """
            /scratch/Stack.swift:3:1: error: wrong
            wrong
            ^
            error: fatalError

            """
        #expect(CompilerDiagnostics.clean(text, scratch: "/scratch") == "Stack.swift:3:1: error: wrong\nwrong\n^")
    }
}
