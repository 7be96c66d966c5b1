import Foundation
import Synchronization

@testable import AWS

/// Answers requests by a script, in order; the last line of the script repeats. Keeps what it was sent.
final class ScriptedTransport: HTTPTransport {
    typealias Line = @Sendable (HTTPRequest) throws -> HTTPResponse

    private let script: [Line]
    private let sent = Mutex<[(request: HTTPRequest, timeout: Duration)]>([])

    init(_ script: [Line]) {
        self.script = script
    }

    var requests: [HTTPRequest] { sent.withLock { $0.map(\.request) } }
    var timeouts: [Duration] { sent.withLock { $0.map(\.timeout) } }

    func send(_ request: HTTPRequest, timeout: Duration) async throws -> HTTPResponse {
        let number = sent.withLock {
            $0.append((request, timeout))
            return $0.count - 1
        }
        return try script[min(number, script.count - 1)](request)
    }
}

extension ScriptedTransport {
    static func answer(_ status: Int = 200, _ body: String = "{}", headers: HTTPHeaders = [:]) -> Line {
        { _ in HTTPResponse(statusCode: status, headers: headers, body: Array(body.utf8)) }
    }

    static func failure(_ kind: TransportError.Kind) -> Line {
        { _ in throw TransportError(kind, kind == .couldNotConnect ? "connection refused" : "broken") }
    }

    static func error(_ code: String, status: Int = 400, message: String = "no") -> Line {
        answer(status, #"{"__type":"com.amazonaws.x#\#(code)","message":"\#(message)"}"#)
    }
}

/// Time that passes only by sleeping, and chance that always says the same.
final class TestClock: Sendable {
    private let state = Mutex<(now: Date, pauses: [Duration])>((Date(timeIntervalSince1970: 1_440_938_160), []))

    var pauses: [Duration] { state.withLock { $0.pauses } }

    func advance(by seconds: TimeInterval) {
        state.withLock { $0.now += seconds }
    }

    func clock(random: Double = 1) -> ClientClock {
        ClientClock(
            now: { self.state.withLock { $0.now } },
            sleep: { pause in
                try Task.checkCancellation()
                self.state.withLock {
                    $0.now += pause.inSeconds
                    $0.pauses.append(pause)
                }
            },
            random: { random })
    }
}

func scriptedClient(
    _ transport: ScriptedTransport, clock: TestClock = TestClock(), retry: RetryPolicy = RetryPolicy(),
    credentials: any CredentialProvider = StaticCredentials(accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret"),
    endpoints: EndpointResolver = EndpointResolver()
) -> AWSClient {
    AWSClient(
        AWSConfiguration(region: "eu-west-1", credentials: credentials, endpoints: endpoints, retry: retry),
        transport: transport, clock: clock.clock())
}

func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
