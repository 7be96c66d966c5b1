import AWS
import Crypto
import EventSourcing
import EventStore
import Foundation

/// The Lambda of one command: reads the request, decides on the stream, appends, and answers, whoever owns the writes by then.
struct CommandFunction: InvocationHandler {
    private let command: AnyCommand
    private let context: ReleaseContext
    private let route: Route
    private let appender: Appender
    private let participant: Participant
    private let forwarder: Forwarder
    private let hinter: LargeEventHint

    init(command: AnyCommand, context: ReleaseContext) throws {
        self.command = command
        self.context = context
        route = try Route(try context.required("IMMUTABLE_ROUTE"))
        appender = Appender(ledger: context.ledger, release: context.release)
        participant = Participant(ledger: context.ledger, handovers: context.handovers)
        forwarder = Forwarder(context: context)
        hinter = LargeEventHint(context: context)
    }

    func handle(_ payload: [UInt8], _ invocation: Invocation) async throws -> [UInt8] {
        let event = try JSONDecoder().decode(HTTPEvent.self, from: Data(payload))
        let read: (PreparedCommand, RequestIdentity)
        do {
            read = try prepare(event)
        } catch let error as MalformedInput {
            return try HTTPAnswer(.error(400, "\(error)", field: error.field), release: context.release).encoded()
        }
        let outcome: CommandOutcome
        do {
            outcome = try await run(read.0, read.1, forwarded: event.immutable != nil, invocation)
        } catch let error as CommitTooLarge {
            outcome = .answered(.error(413, "\(error)"))
        }
        switch outcome {
        case .answered(let answer):
            return try HTTPAnswer(answer, release: context.release).encoded()
        case .moved(let owner):
            return try await forwarder.forward(event, command: read.1.command, to: owner, invocation)
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
        let digest = RequestIdentity.digest(command: self.command.name, path: path, body: body)
        return (command, RequestIdentity(command: id, digest: digest))
    }

    /// Decides and appends until there is an answer, another owner, or no time left.
    private func run(
        _ command: PreparedCommand, _ identity: RequestIdentity, forwarded: Bool, _ invocation: Invocation
    ) async throws -> CommandOutcome {
        var pause = Pause()
        while invocation.remaining() > 0 {
            let before = try await appender.knownHead(of: command.aggregateId)
            let stream = try await context.reader.load(command.aggregateId)
            if let recorded = identity.recorded(in: stream) { return .answered(recorded) }
            let found: AppendOutcome
            switch try decision(command, stream) {
            case .unreadable(let fault):
                // The new owner's events may be of types that this release doesn't know: then they are not ours to decide on.
                guard let other = try await appender.currentHead(of: command.aggregateId).admits(context.release) else { throw fault }
                found = other
            case .made(.accept(let payloads, let answer)) where !payloads.isEmpty:
                let commit = try commit(payloads, answer, command.aggregateId, after: stream.last?.version ?? 0, identity)
                found = try await appender.append(commit)
                if found == .appended {
                    await hinter.hint(commit)
                    return .answered(answer)
                }
            case .made(.accept(_, let answer)), .made(.refuse(let answer)):
                // Read after the stream was, in the epoch before: an answer that touches no head is only true of the owner's stream.
                let head = try await appender.currentHead(of: command.aggregateId)
                if let other = head.admits(context.release) {
                    found = other
                } else if head.epoch == before.epoch {
                    return .answered(answer)
                } else {
                    continue
                }
            }
            switch found {
            case .appended, .conflict, .stale: continue
            case .contended: try await pause.short()
            case .handingOver(let head):
                try await waitOut(head, invocation)
            case .moved(let owner):
                // A forwarded request is never forwarded again: two releases that disagree for a moment would play ping-pong with it.
                if !forwarded { return .moved(to: owner) }
                try await pause.growing()
            }
        }
        return .answered(
            .error(503, "the writes were stopped for longer than this request may wait: send it again with the same Idempotency-Key"))
    }

    /// Until the shard has no seal any more. Many requests may wait at once, and what ends the handover needs the tables too: a step costs one
    /// GetItem, and only now and then a second one for the record.
    private func waitOut(_ sealed: Head, _ invocation: Invocation) async throws {
        var head = sealed
        var pause = Pause()
        var looked = ContinuousClock.now
        while head.handover != nil, invocation.remaining() > 0 {
            try await pause.growing()
            head = try await appender.currentHead(shard: head.shard)
            if head.handover != nil, looked.duration(to: .now) > Self.recordInterval {
                looked = .now
                if try await participant.step(head) { head = try await appender.currentHead(shard: head.shard) }
            }
        }
    }

    /// How often a waiting request looks at the handover's record.
    private static let recordInterval: Duration = .milliseconds(500)

    private enum DecisionMade {
        case made(Decision)
        case unreadable(any StreamFault)
    }

    private func decision(_ command: PreparedCommand, _ stream: [StoredEvent]) throws -> DecisionMade {
        do {
            return .made(try command.decide(stream))
        } catch let fault as any StreamFault {
            return .unreadable(fault)
        }
    }

    private func commit(
        _ payloads: [any EventPayload], _ answer: Answer, _ aggregateId: String, after version: Int, _ identity: RequestIdentity
    ) throws -> [StoredEvent] {
        let now = Timestamp.format(Date())
        return try payloads.enumerated().map { index, payload in
            let first = index == 0
            let meta = EventMetadata(
                command: identity.command, request: first ? identity.digest : nil, answer: first ? answer : nil,
                correlation: identity.command)
            return StoredEvent(
                aggregateId: aggregateId, version: version + 1 + index,
                eventId: EventID.of(command: identity.command, aggregateId: aggregateId, index: index), type: payload.typeName,
                schema: type(of: payload).schema, data: try StableJSON.encode(payload), meta: try meta.encoded(), at: now,
                origin: context.release)
        }
    }
}

/// What came of a command in this release.
enum CommandOutcome: Sendable {
    case answered(Answer)
    case moved(to: String)
}

/// Who asks: the command's id, and the digest of what was asked under it.
struct RequestIdentity: Sendable {
    var command: String
    var digest: String

    /// SHA-256 of the handler's name, the path's parameters and the body, whatever the order and spacing of its fields.
    static func digest(command: String, path: [String: String], body: Value) -> String {
        let canonical = Value.object(["command": .string(command), "path": .object(path.mapValues { .string($0) }), "body": body])
        let text = (try? StableJSON.encode(canonical)) ?? ""
        return SHA256.hash(data: Data(text.utf8)).map { String(format: "%02x", $0) }.joined()
    }

    /// The first answer to this command, copies included; 422 where the id was used for another request.
    func recorded(in stream: [StoredEvent]) -> Answer? {
        for event in stream where event.meta.contains("\"command\"") {
            let meta = EventMetadata.decode(event.meta)
            guard meta.command == command else { continue }
            // A transform may have dropped the commit's first event, which had the answer.
            guard let answer = meta.answer else {
                return .error(409, "this command was carried out already; its answer was not kept")
            }
            guard meta.request == digest else {
                return .error(422, "this Idempotency-Key was used for another request: use a new key", field: "Idempotency-Key")
            }
            return answer
        }
        return nil
    }
}

/// Waits between tries, with jitter so that many waiting requests don't come back together.
struct Pause: Sendable {
    private var waits = 0

    /// About 5 to 25 ms: another transaction was in the way.
    mutating func short() async throws {
        try await Task.sleep(for: .milliseconds(Int.random(in: 5...25)))
    }

    /// From about 20 ms to about 160 ms: a handover is under way.
    mutating func growing() async throws {
        try await Task.sleep(for: .milliseconds(Int.random(in: 16...24) << min(waits, 3)))
        waits += 1
    }
}
