import AWS
import TestSupport

@testable import Orchestrator

extension Cloud {
    /// AWS, where `transport` alone answers.
    static func stub(_ transport: any HTTPTransport = NoNetwork(), clock: ClientClock = .system) -> Cloud {
        let configuration = AWSConfiguration(
            region: "eu-west-1", credentials: StaticCredentials(accessKeyId: "a", secretAccessKey: "b"))
        return Cloud(client: AWSClient(configuration, transport: transport, clock: clock), account: "1")
    }
}

struct NoNetwork: HTTPTransport {
    func send(_ request: HTTPRequest, timeout: Duration) async throws -> HTTPResponse {
        throw TransportError(.connectionLost, "no network")
    }
}

extension ShiftedClock {
    /// The clock jumps where its user would sleep: other tests need the threads, too.
    var sleepless: ClientClock {
        let clock = clock
        return ClientClock(
            now: clock.now,
            sleep: { [self] pause in
                try Task.checkCancellation()
                await Task.yield()
                jump(pause / .seconds(1))
            }, random: clock.random)
    }
}
