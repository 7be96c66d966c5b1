import Foundation
import StackDescription
import TestSupport
import Testing

@testable import Orchestrator

struct SwiftBuildTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try folder.write("package/Package.swift", [])
        try folder.write("package/stacks/shop/Stack.swift", [])
    }

    private var root: String { folder.path + "/package/" }
    private var manifest: String { folder.path + "/package/stacks/shop" }
    private var environment: [String: String] {
        ["PATH": folder.path + "/bin:/usr/bin:/bin", "AWS_SESSION_TOKEN": "x", "RECORD": folder.path + "/record"]
    }

    @Test func `a release build is static and stripped, in the package's own scratch path`() throws {
        let build = try SwiftBuild(manifestDirectory: manifest, environment: environment, release: true)
        #expect(
            build.arguments(product: "Shop") == [
                "build", "--package-path", root, "--product", "Shop", "-c", "release", "--static-swift-stdlib", "-Xlinker", "-s",
            ])
    }

    @Test func `the nearest package above the manifest is built for debugging, and the binary found`() async throws {
        try folder.script(
            "bin/swift",
            """
            test -z "$AWS_SESSION_TOKEN" || exit 1
            echo "$@" >> "$RECORD"
            case "$*" in *--show-bin-path) echo 'warning: x' >&2; echo /some/where;; esac
            """)
        let build = try SwiftBuild(manifestDirectory: manifest, environment: environment, release: false)
        #expect(try await build.build("Shop") == "/some/where/Shop")
        let record = try String(contentsOfFile: folder.path + "/record", encoding: .utf8)
        #expect(
            record == """
                build --package-path \(root) --product Shop
                build --package-path \(root) --product Shop --show-bin-path

                """)
    }

    @Test func `a failed build shows its last forty lines and the command`() async throws {
        try folder.script("bin/swift", "i=1; while [ $i -le 100 ]; do echo line $i; i=$((i+1)); done; echo the end >&2; exit 1")
        let build = try SwiftBuild(manifestDirectory: manifest, environment: environment, release: false)
        let error = try await #require(throws: ArtifactError.self) { _ = try await build.build("Shop") }
        guard case .buildFailed("Shop", let command, let output) = error else {
            Issue.record(error)
            return
        }
        #expect(command == "swift build --package-path \(root) --product Shop")
        #expect(output.split(separator: "\n").map(String.init) == (62...100).map { "line \($0)" } + ["the end"])
    }

    @Test func `a manifest outside of a package can't name a product`() throws {
        let elsewhere = try TemporaryFolder()
        #expect(throws: ArtifactError.noPackage(manifestDirectory: elsewhere.path)) {
            try SwiftBuild(manifestDirectory: elsewhere.path, environment: environment, release: false)
        }
    }

    @Test func `a machine without Swift is told so`() async throws {
        let build = try SwiftBuild(manifestDirectory: manifest, environment: ["PATH": folder.path + "/none"], release: false)
        await #expect(throws: ArtifactError.noTool("swift")) { try await build.build("Shop") }
    }

    @Test func `a build that makes no executable is told apart from a missing folder`() async throws {
        try folder.script("bin/swift", "echo \(folder.path)/out")
        let builder = ArtifactBuilder(products: nil, local: true, environment: environment, cacheDirectory: nil, progress: { _ in })
        await #expect(throws: ArtifactError.noProduct(name: "Shop", path: folder.path + "/out/Shop", built: true)) {
            try await builder.build(.swiftProduct("Shop"), manifestDirectory: manifest)
        }
    }
}

struct ChildProgramTests {
    @Test func `a program that takes too long is killed`() async throws {
        let result = try await ChildProgram(path: "/bin/sh", arguments: ["-c", "exec sleep 600"], environment: [:]).run(
            limit: .milliseconds(50))
        #expect(result.end == .timedOut)
    }

    @Test func `a program ends with the task that runs it`() async throws {
        let folder = try TemporaryFolder()
        let task = Task {
            try await ChildProgram(
                path: "/bin/sh",
                arguments: ["-c", "echo $$ > \(folder.path)/new; mv \(folder.path)/new \(folder.path)/pid; exec /bin/sleep 600"],
                environment: ["PATH": "/usr/bin:/bin"]
            ).run(limit: .seconds(600))
        }
        let file = folder.path + "/pid"
        try await until("the program has told its id", every: .milliseconds(5)) { FileManager.default.fileExists(atPath: file) }
        let pid = try #require(Int32(try String(contentsOfFile: file, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)))
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        try await until("the program is gone", every: .milliseconds(5)) { kill(pid, 0) != 0 }
    }
}
