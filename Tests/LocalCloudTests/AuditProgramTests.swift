import Foundation
import Testing

@testable import LocalCloud

/// Runs the Python tests of the audit program against a local cloud of their own, which they empty.
@Suite struct AuditProgramTests {
    @Test func `the audit program finds what is wrong, and nothing else`() async throws {
        let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let instance = try await LocalCloud.start()
        var environment = instance.environment
        environment["AUDIT"] = package.appendingPathComponent("Sources/immutable/Resources/audit.py").path
        environment["PATH"] = PythonInterpreter.searchPath
        let result = try await ChildProcess.run(
            [instance.python, "-B", package.appendingPathComponent("Tests/Audit/test_audit.py").path],
            environment: environment)
        await instance.stop()
        #expect(result.status == 0, "\(result.output)")
    }
}
