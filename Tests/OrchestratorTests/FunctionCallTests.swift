import AWS
import Synchronization
import Testing

@testable import Orchestrator

/// Calls of functions that die.
@Suite struct FunctionCallTests {
    private static let exited =
        #"{"errorType":"Runtime.ExitError","errorMessage":"RequestId: 1 Error: Runtime exited with error: signal: killed"}"#
    private static let timedOut = #"{"errorMessage":"2025-01-01T00:00:00.000Z 1 Task timed out after 25.00 seconds"}"#
    private static let failed = #"{"errorType":"EffectBusy","errorMessage":"another try holds the effect"}"#

    /// A Lambda that answers by a script; the last line repeats.
    private final class Functions: HTTPTransport {
        private let script: [(error: Bool, body: String)]
        private let sent = Mutex(0)

        init(_ script: [(error: Bool, body: String)]) { self.script = script }

        var count: Int { sent.withLock { $0 } }

        func send(_ request: HTTPRequest, timeout: Duration) async throws -> HTTPResponse {
            let number = sent.withLock { sent in
                sent += 1
                return sent
            }
            let line = script[min(number, script.count) - 1]
            return HTTPResponse(
                statusCode: 200, headers: line.error ? ["x-amz-function-error": "Unhandled"] : [:], body: Array(line.body.utf8))
        }
    }

    private func call(_ script: [(error: Bool, body: String)], _ retry: RetryRule) async -> (answer: String?, calls: Int) {
        let functions = Functions(script)
        let configuration = AWSConfiguration(
            region: "eu-west-1", credentials: StaticCredentials(accessKeyId: "a", secretAccessKey: "b"))
        let cloud = Cloud(client: AWSClient(configuration, transport: functions), account: "1")
        let answer = try? await FunctionCall(cloud: cloud).send("f", "{}", retry: retry)
        return (answer.map { String(decoding: $0, as: UTF8.self) }, functions.count)
    }

    @Test(arguments: [exited, timedOut])
    func `a function that may act twice is called again when its process died`(report: String) async {
        let (answer, calls) = await call([(true, report), (false, "done")], .whenTransient)
        #expect(answer == "done" && calls == 2)
    }

    @Test func `one that dies each time is given up`() async {
        let (answer, calls) = await call([(true, Self.exited)], .whenTransient)
        #expect(answer == nil && calls == 4)
    }

    @Test func `one that must not act twice, and one that tells of an error itself, are called once`() async {
        #expect(await call([(true, Self.exited), (false, "done")], .whenUnsent).calls == 1)
        #expect(await call([(true, Self.failed), (false, "done")], .whenTransient).calls == 1)
    }
}
