import NIOCore
import NIOPosix
import Testing

@testable import AWS

/// How long a call waits for an answer that doesn't come.
@Suite struct TimeoutTests {
    @Test func `items of known keys are waited for less long than a scan`() async throws {
        let transport = ScriptedTransport([ScriptedTransport.answer()])
        let client = scriptedClient(transport)
        _ = try await DynamoDB(client).getItem("t", ["k": .s("a")])
        _ = try await DynamoDB(client).scan(.init(table: "t"))
        let (item, scan) = (transport.timeouts[0], transport.timeouts[1])
        #expect(item >= DynamoDB.keyedTimeout && item < .seconds(7))
        #expect(scan >= client.configuration.timeout)
    }

    @Test func `a client that gives up sooner does so for every call but those with a time of their own`() async throws {
        let transport = ScriptedTransport([ScriptedTransport.answer()])
        let client = scriptedClient(transport).givingUp(after: .seconds(2))
        _ = try await DynamoDB(client).getItem("t", ["k": .s("a")])
        _ = try await DynamoDB(client).scan(.init(table: "t"))
        _ = try await Lambda(client).invoke("f", payload: [], timeout: .seconds(9))
        #expect(transport.timeouts.prefix(2).allSatisfy { $0 < .seconds(3) })
        #expect(transport.timeouts.last == .seconds(9))
        // It can't be made to wait longer than it is configured to.
        #expect(client.givingUp(after: .seconds(60)).configuration.timeout == .seconds(2))
    }

    @Test func `it pays for its retries from the same quota`() async throws {
        let client = scriptedClient(ScriptedTransport([ScriptedTransport.failure(.timedOut)]))
        await #expect(throws: ConnectionError.self) { try await client.givingUp(after: .seconds(2)).send(RetryTests.request) }
        #expect(client.quota.available == RetryQuota.capacity - 20)
    }

    @Test func `a large body is given the time to be sent`() async throws {
        let transport = ScriptedTransport([ScriptedTransport.answer()])
        let client = scriptedClient(transport)
        _ = try await Lambda(client).invoke("f", payload: Array(repeating: 0, count: 6 << 20))
        #expect(transport.timeouts.first == client.configuration.timeout + .milliseconds(98_304))
    }

    @Test(arguments: ["", "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf"])
    func `an answer that doesn't begin, and one that stops half-way, are given up`(answer: String) async throws {
        let server = try await StallingServer.start(answer)
        let request = HTTPRequest(method: "POST", url: "http://127.0.0.1:\(server.port)/", body: [1])
        let error = await #expect(throws: TransportError.self) {
            try await AsyncHTTPTransport.shared.send(request, timeout: .milliseconds(300))
        }
        #expect(error?.kind == .timedOut)
        try await server.stop()
    }
}

/// Answers whatever it is sent with a text, and leaves the connection open.
private struct StallingServer {
    private let channel: any Channel

    var port: Int { channel.localAddress?.port ?? 0 }

    static func start(_ answer: String) async throws -> StallingServer {
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { child in
                child.eventLoop.makeCompletedFuture { try child.pipeline.syncOperations.addHandler(Answering(text: answer)) }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        return StallingServer(channel: channel)
    }

    func stop() async throws { try await channel.close() }

    private final class Answering: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        private let text: String
        private var hasAnswered = false

        init(text: String) { self.text = text }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            guard !hasAnswered, !text.isEmpty else { return }
            hasAnswered = true
            context.writeAndFlush(NIOAny(ByteBuffer(string: text)), promise: nil)
        }
    }
}
