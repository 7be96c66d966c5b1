import AWS
#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Answers one invocation.
protocol InvocationHandler: Sendable {
    /// `payload` is the invocation's JSON; the answer is JSON too.
    func handle(_ payload: [UInt8], _ invocation: Invocation) async throws -> [UInt8]
}

/// What the runtime API says about an invocation.
struct Invocation: Sendable {
    var requestId: String
    /// The function is stopped at this moment.
    var deadline: Date

    /// The time left, less `reserve` seconds for the answer.
    func remaining(reserve: TimeInterval = 1) -> TimeInterval { deadline.timeIntervalSinceNow - reserve }
}

/// AWS's Lambda runtime API: one long poll for the next invocation, then its answer or its error.
struct LambdaRuntime: Sendable {
    private let base: String
    private let transport: any HTTPTransport

    init(api: String, transport: any HTTPTransport) {
        base = "http://\(api)/2018-06-01/runtime"
        self.transport = transport
    }

    /// Serves invocations one after another until the API ends the environment.
    func serve(_ handler: some InvocationHandler) async throws {
        while true {
            let next = try await transport.send(HTTPRequest(method: "GET", url: "\(base)/invocation/next"), timeout: .seconds(86_400))
            guard next.statusCode == 200 else { return }
            guard let id = next.headers["Lambda-Runtime-Aws-Request-Id"] else { throw StartFailure(reason: "an invocation without an id") }
            let milliseconds = next.headers["Lambda-Runtime-Deadline-Ms"].flatMap { Double($0) }
            let invocation = Invocation(
                requestId: id,
                deadline: milliseconds.map { Date(timeIntervalSince1970: $0 / 1_000) } ?? Date(timeIntervalSinceNow: 3))
            do {
                let answer = try await handler.handle(next.body, invocation)
                try await post("invocation/\(id)/response", answer)
            } catch {
                try await post("invocation/\(id)/error", Self.report(error))
            }
        }
    }

    func reportInitError(_ error: any Error) async throws {
        try await post("init/error", Self.report(error))
    }

    private func post(_ path: String, _ body: [UInt8]) async throws {
        let request = HTTPRequest(
            method: "POST", url: "\(base)/\(path)", headers: ["Content-Type": "application/json"], body: body)
        _ = try await transport.send(request, timeout: .seconds(30))
    }

    private static func report(_ error: any Error) -> [UInt8] {
        let fields = ["errorType": "\(type(of: error))", "errorMessage": "\(error)"]
        return (try? JSONEncoder().encode(fields)).map(Array.init) ?? Array("{}".utf8)
    }
}

/// Writes one line an invocation to stderr: which handler, how long, and the error if there was one.
struct Logged: InvocationHandler {
    private let inner: any InvocationHandler
    private let name: String
    private let release: String

    init(_ inner: any InvocationHandler, name: String, release: String) {
        self.inner = inner
        self.name = name
        self.release = release
    }

    func handle(_ payload: [UInt8], _ invocation: Invocation) async throws -> [UInt8] {
        let start = ContinuousClock.now
        var failure: String?
        defer {
            let took = (ContinuousClock.now - start) / .milliseconds(1)
            var line = ["release": release, "handler": name, "requestId": invocation.requestId, "milliseconds": "\(Int(took))"]
            if let failure { line["error"] = failure }
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            if let data = try? encoder.encode(line) { StandardError.write(line: String(decoding: data, as: UTF8.self)) }
        }
        do {
            if let probe = Probe(payload) { return try await probe.answer(release: release) }
            return try await inner.handle(payload, invocation)
        } catch {
            failure = "\(error)"
            throw error
        }
    }
}
