import AWS
import EventSourcing
import EventStore
#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// One command on one stream in one release: decides, appends, and waits or steps aside where the writes are handed over.
package struct CommandRun: Sendable {
    private let appender: Appender
    private let reader: StreamReader
    private let participant: Participant
    /// Called with what was committed, before the answer; again where a request is answered again.
    private let committed: @Sendable ([StoredEvent]) async -> Void
    /// Called with the release that is to own the writes, while they are handed over.
    private let expecting: @Sendable (_ owner: String) async -> Void

    private var clock: ClientClock { appender.ledger.dynamo.clock }

    package init(
        appender: Appender, reader: StreamReader, participant: Participant,
        committed: @escaping @Sendable ([StoredEvent]) async -> Void = { _ in },
        expecting: @escaping @Sendable (_ owner: String) async -> Void = { _ in }
    ) {
        self.appender = appender
        self.reader = reader
        self.participant = participant
        self.committed = committed
        self.expecting = expecting
    }

    /// Answers here or, where another release owns the writes, there.
    /// - Parameter forward: the owner's reply; `nil` where the writes had left it again when the request got there. Only this, the first handler,
    ///   goes on then: releases that forwarded to each other would play ping-pong with the request.
    package func serve<Reply: Sendable>(
        _ command: PreparedCommand, _ identity: RequestIdentity, remaining: @Sendable () -> TimeInterval,
        forward: (_ owner: String) async throws -> Reply?
    ) async throws -> CommandService<Reply> {
        var pause = Pause(clock: clock)
        while true {
            switch try await run(command, identity, remaining: remaining) {
            case .answered(let answer): return .answered(answer)
            case .moved(let owner):
                if let reply = try await forward(owner) { return .forwarded(reply) }
                try await pause.growing()
            }
        }
    }

    /// Decides and appends until there is an answer, another owner, or no time left. A store that can't be reached for a moment is asked again as
    /// long: nothing was written then, or the command's id finds it. Throws what it said last where that lasts.
    /// - Parameters:
    ///   - isForwarded: another release says that the writes are here now, so that what this process last saw of the head is old.
    ///   - remaining: the seconds that are left for an answer.
    package func run(
        _ command: PreparedCommand, _ identity: RequestIdentity, isForwarded: Bool = false, remaining: @Sendable () -> TimeInterval
    ) async throws -> CommandOutcome {
        var pause = Pause(clock: clock)
        var believesHead = !isForwarded
        var failure: (any Error)?
        while remaining() > 0 {
            do {
                if !believesHead { _ = try await appender.currentHead(of: command.aggregateId) }
                believesHead = true
                switch try await once(command, identity) {
                case .ended(let outcome): return outcome
                case .again: break
                case .contended: try await pause.short()
                case .handingOver(let head):
                    // Of a stream that has left nothing needs to be read here: the new owner has all of it.
                    let left = try await waitOut(head, remaining)
                    if case .moved(let owner)? = left.admits(appender.release), remaining() > 0 { return .moved(to: owner) }
                }
                failure = nil
            } catch let error where error.isPassing {
                failure = error
                try await pause.growing()
            }
        }
        if let failure { throw failure }
        return .answered(
            .error(503, "the writes were stopped for longer than this request may wait: send it again with the same Idempotency-Key"))
    }

    /// What one try came to.
    private enum Try {
        case ended(CommandOutcome)
        /// The stream or the head has moved.
        case again
        case contended
        case handingOver(Head)
    }

    private func once(_ command: PreparedCommand, _ identity: RequestIdentity) async throws -> Try {
        let before = try await appender.knownHead(of: command.aggregateId)
        let stream = try await reader.load(command.aggregateId)
        if let recorded = identity.recorded(in: stream) {
            // Whoever committed it may not have come to that.
            await committed(identity.events(in: stream))
            return .ended(.answered(recorded))
        }
        let found: AppendOutcome
        switch try decision(command, stream) {
        case .unreadable(let fault):
            // The new owner's events may be of types that this release doesn't know: then they are not ours to decide on.
            guard let other = try await appender.currentHead(of: command.aggregateId).admits(appender.release) else { throw fault }
            found = other
        case .made(.accept(let payloads, let answer)) where !payloads.isEmpty:
            let commit = try commit(payloads, answer, command.aggregateId, after: stream.last?.version ?? 0, identity)
            do {
                found = try await appender.append(commit)
                if found == .appended {
                    await committed(commit)
                    return .ended(.answered(answer))
                }
            } catch let error as CommitTooLarge {
                found = try await confirm(command, stream, since: before)
                if found == .appended { return .ended(.answered(.error(413, "\(error)"))) }
            }
        case .made(.accept(_, let answer)), .made(.refuse(let answer)):
            found = try await confirm(command, stream, since: before)
            if found == .appended { return .ended(.answered(answer)) }
        }
        return switch found {
        case .appended, .conflict, .stale: .again
        case .contended: .contended
        case .handingOver(let head): .handingOver(head)
        case .moved(let owner): .ended(.moved(to: owner))
        }
    }

    /// That what was decided without an event is true of the owner's stream.
    private func confirm(_ command: PreparedCommand, _ stream: [StoredEvent], since head: Head) async throws -> AppendOutcome {
        try await appender.confirm(command.aggregateId, endsAt: stream.last?.version ?? 0, since: head)
    }

    /// Until the shard has no seal any more. Many requests may wait at once, and what ends the handover needs the tables too: a step costs one
    /// GetItem, and only now and then a second one for the record. Returns the head as it was seen last.
    private func waitOut(_ sealed: Head, _ remaining: @Sendable () -> TimeInterval) async throws -> Head {
        if let mark = sealed.handover { await expecting(mark.to) }
        var head = sealed
        var pause = Pause(clock: clock)
        var mark = sealed.handover
        var looked: Duration = .zero
        while let seal = head.handover, remaining() > 0 {
            if seal.id != mark?.id {
                mark = seal
                pause = Pause(clock: clock)
                looked = .zero
            }
            try await pause.handover()
            do {
                head = try await appender.currentHead(shard: head.shard)
                if head.handover != nil, pause.total - looked > Self.recordInterval {
                    looked = pause.total
                    if try await participant.step(head, waited: pause.total / .seconds(1)) {
                        head = try await appender.currentHead(shard: head.shard)
                    }
                }
            } catch let error where error.isPassing {
                // Nothing is lost by another look, and the request would be.
            }
        }
        return head
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
        let now = Timestamp.format(clock.now())
        return try payloads.enumerated().map { index, payload in
            let first = index == 0
            let meta = EventMetadata(
                command: identity.command, request: first ? identity.digest : nil, answer: first ? answer : nil,
                correlation: identity.command)
            return StoredEvent(
                aggregateId: aggregateId, version: version + 1 + index,
                eventId: EventID.of(command: identity.command, aggregateId: aggregateId, index: index), type: payload.typeName,
                schema: type(of: payload).schema, data: try StableJSON.encode(payload), meta: try meta.encoded(), at: now,
                origin: appender.release)
        }
    }
}

/// What came of a command in this release.
package enum CommandOutcome: Sendable {
    case answered(Answer)
    case moved(to: String)
}

/// What came of a command in the release that owns the writes.
package enum CommandService<Reply: Sendable>: Sendable {
    case answered(Answer)
    case forwarded(Reply)
}
