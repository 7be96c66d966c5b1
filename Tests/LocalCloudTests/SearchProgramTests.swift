import Foundation
import Testing

@testable import LocalCloud

/// Runs the Python tests of the local search server.
@Suite struct SearchProgramTests {
    @Test func `the local search server answers as OpenSearch's documentation has it`() async throws {
        let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let result = try await ChildProcess.run(
            [try await LocalCloud.python(), "-B", package.appendingPathComponent("Tests/Search/test_search.py").path],
            environment: ["SEARCH": try PythonProgram.search.path(), "PATH": PythonInterpreter.searchPath])
        #expect(result.status == 0, "\(result.output)")
    }
}
