import Foundation
import Testing

@testable import LocalCloud

@Suite struct PythonEnvironmentTests {
    /// Installs twice, from pip's cache if it has one.
    @Test func `an environment that isn't complete is made again, and one that is, is left alone`() async throws {
        try await withTemporaryDirectory { directory in
            let home = Home(directory)
            let halfMade = home.environments + "/.half-made"
            try FileManager.default.createDirectory(atPath: halfMade, withIntermediateDirectories: true)

            async let one = PythonEnvironment.prepare(in: home, progress: { _ in })
            async let other = PythonEnvironment.prepare(in: home, progress: { _ in })
            let environment = try await one
            #expect(try await other.path == environment.path)
            let name = try #require(environment.path.split(separator: "/").last).description
            #expect(try FileManager.default.contentsOfDirectory(atPath: home.environments) == [name])

            let witness = environment.path + "/witness"
            try Data().write(to: URL(fileURLWithPath: witness))
            _ = try await PythonEnvironment.prepare(in: home, progress: { _ in })
            #expect(FileManager.default.fileExists(atPath: witness))

            let marker = environment.path + "/immutable-complete.txt"
            try Data("half".utf8).write(to: URL(fileURLWithPath: marker))
            _ = try await PythonEnvironment.prepare(in: home, progress: { _ in })
            #expect(!FileManager.default.fileExists(atPath: witness))
            let instance = try await LocalCloud.start(.init(home: directory))
            await instance.stop()
        }
    }

    @Test func `a search path without Python says what to install`() async throws {
        do {
            _ = try await PythonInterpreter.find(searchPath: "/nonexistent", chosen: nil)
            Issue.record("nothing should have been found")
        } catch let error as LocalCloudError {
            #expect(
                error.description == """
                    the local cloud needs Python 3.10 or newer, and there is none in /nonexistent
                    hint: install python3, or set IMMUTABLE_PYTHON to its path
                    """)
        }
    }

    @Test func `a Python that is too old is named`() async throws {
        do {
            _ = try await PythonInterpreter.find(chosen: "/bin/sh", version: { _ in (3, 9) })
            Issue.record("it should have been refused")
        } catch let error as LocalCloudError {
            #expect(error.description.contains("there is none in /bin/sh (/bin/sh is 3.9)"))
        }
    }

    @Test func `a program that isn't Python is passed over`() async throws {
        #expect(try await PythonInterpreter.version(of: "/bin/sh") == nil)
        #expect(try await PythonInterpreter.version(of: "/nonexistent") == nil)
    }

    @Test func `pip's complaint about a hash is told apart from an index that can't be reached`() {
        let mismatch = EnvironmentFailure.ofPip(
            output: "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.\n  six==1.17.0: …")
        #expect(mismatch.description.hasPrefix("the package index gave a file that isn't the pinned one"))
        let unreachable = EnvironmentFailure.ofPip(
            output: "WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError'\nERROR: No matching")
        #expect(unreachable.description.contains("hint: run again when the package index is reachable"))
        let full = EnvironmentFailure.ofPip(output: "ERROR: [Errno 28] No space left on device")
        #expect(full.description.hasPrefix("making the local cloud's Python environment failed at pip install"))
    }

    @Test func `a Debian without python3-venv says which package to install`() {
        let failure = EnvironmentFailure.ofVenv(
            output: "The virtual environment was not created successfully because ensurepip is not available.",
            interpreter: PythonInterpreter(path: "/usr/bin/python3", version: "3.11"))
        #expect(failure.description.hasSuffix("hint: on Debian and Ubuntu: apt install python3.11-venv"))
    }

    @Test func `every package is pinned with a hash`() {
        for line in Requirements.text.split(separator: "\n") where !line.contains("--hash") {
            #expect(line.contains("==") && line.hasSuffix("\\"), "\(line)")
        }
        #expect(Requirements.text.contains("\nministack==\(Requirements.version) \\\n    --hash=sha256:"))
    }
}
