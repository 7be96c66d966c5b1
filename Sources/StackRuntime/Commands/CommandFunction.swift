import AWS
import EventSourcing
import EventStore
#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The Lambda of one command: reads the request, decides on the stream, appends, and answers, whoever owns the writes by then.
struct CommandFunction: InvocationHandler {
    private let command: AnyCommand
    private let context: ReleaseContext
    private let route: Route
    private let run: CommandRun
    private let forwarder: Forwarder

    /// A request waits: three tries without an answer leave time for three more.
    private static let callTimeout: Duration = .seconds(3)

    init(command: AnyCommand, context: ReleaseContext) throws {
        let context = context.givingUp(after: Self.callTimeout)
        self.command = command
        self.context = context
        route = try Route(try context.required("IMMUTABLE_ROUTE"))
        let hinter = LargeEventHint(context: context)
        let forwarder = Forwarder(context: context)
        self.forwarder = forwarder
        run = CommandRun(
            appender: Appender(ledger: context.ledger, release: context.release), reader: context.reader,
            participant: Participant(ledger: context.ledger, handovers: context.handovers), committed: { await hinter.hint($0) },
            // Where this fails, the request that is forwarded tries again, and tells.
            expecting: { _ = try? await forwarder.prepare(for: $0) })
    }

    func handle(_ payload: [UInt8], _ invocation: Invocation) async throws -> [UInt8] {
        let event = try JSONDecoder().decode(HTTPEvent.self, from: Data(payload))
        let read: (PreparedCommand, RequestIdentity)
        do {
            read = try prepare(event)
        } catch let error as MalformedInput {
            return try HTTPAnswer(.error(400, "\(error)", field: error.field), release: context.release).encoded()
        }
        return try await answer(event, read.0, read.1, invocation).encoded()
    }

    private func answer(
        _ event: HTTPEvent, _ command: PreparedCommand, _ identity: RequestIdentity, _ invocation: Invocation
    ) async throws -> HTTPAnswer {
        if event.immutable != nil {
            switch try await run.run(command, identity, isForwarded: true, remaining: { invocation.remaining() }) {
            case .answered(let answer): return try HTTPAnswer(answer, release: context.release)
            case .moved(let owner): return try HTTPAnswer(movedTo: owner, release: context.release)
            }
        }
        let service = try await run.serve(command, identity, remaining: { invocation.remaining() }) { owner in
            try await forwarder.forward(event, command: identity.command, to: owner, invocation)
        }
        switch service {
        case .answered(let answer): return try HTTPAnswer(answer, release: context.release)
        case .forwarded(let answer): return answer
        }
    }

    private func prepare(_ event: HTTPEvent) throws -> (PreparedCommand, RequestIdentity) {
        guard let path = route.match(event) else {
            throw MalformedInput(field: "path", problem: "'\(event.rawPath)' is not \(route.method) \(route.shape)")
        }
        guard let bytes = event.bodyBytes else { throw MalformedInput(field: "body", problem: "is not valid base 64") }
        let body: Value
        do {
            body = bytes.isEmpty ? .object([:]) : try JSONDecoder().decode(Value.self, from: bytes)
        } catch {
            throw MalformedInput(field: "body", problem: "is not valid JSON")
        }
        let key = event.header("idempotency-key")
        if let key, key.isEmpty || key.utf8.count > 255 {
            throw MalformedInput(field: "Idempotency-Key", problem: "must have 1 to 255 bytes")
        }
        let command = try command.prepare(CommandRequest(path: path, body: body))
        if let problem = AggregateID.problem(command.aggregateId) { throw MalformedInput(field: "id", problem: problem) }
        let id = event.immutable?.command ?? key ?? UUID().uuidString.lowercased()
        let digest = RequestIdentity.digest(route: route, path: path, body: body)
        return (command, RequestIdentity(command: id, digest: digest))
    }
}
