import AWS
import EventSourcing
import EventStore

/// Brings one generation of a read model up to the end of the store, through the release's own projector.
struct GenerationFill: Sendable {
    let cloud: Cloud
    let record: ReleaseRecord
    let consumer: StreamConsumer
    let sink: ProgressSink

    /// One pass over the store's keys and the generation's cursors. Everything that was committed before it is in the generation afterwards.
    /// Throws ``RebuildStopped`` at an event that can't be applied and that nobody passed by.
    func run() async throws {
        let counter = Counter()
        let sink = sink
        _ = try await StreamAudit(cloud: cloud, names: record.names, consumers: [consumer]).hintLate(
            onFaults: { _, faults in for fault in faults { try await passBy(fault) } },
            onPage: { hinted in
                let done = await counter.add(hinted)
                sink(.count("streams projected", done: done, total: 0))
            })
    }

    /// Passes an event by that a person let the serving generation pass by, and goes on with its stream.
    private func passBy(_ found: HintAnswer.Fault) async throws {
        var fault = found
        while true {
            guard let event = fault.event, try await isSkipped(event) else {
                throw RebuildStopped(stack: record.stack, consumer: consumer, fault: fault)
            }
            try await move(to: event)
            guard let next = try await FunctionCall(cloud: cloud).hint(consumer, [event.aggregateId]).first else { return }
            // The same again: another process moved the cursor, or the event is not where the cursor stands.
            if next.event == event { throw RebuildStopped(stack: record.stack, consumer: consumer, fault: next) }
            fault = next
        }
    }

    private func isSkipped(_ event: EventReference) async throws -> Bool {
        try await SkippedEvent.all(cloud.dynamo, record.stack).contains {
            $0.release == record.release && $0.consumer == consumer.name && $0.event == event
        }
    }

    private func move(to event: EventReference) async throws {
        let old = event.version - 1
        do {
            try await cloud.dynamo.write(
                .update(
                    record.names.cursors, ["consumer": .s(consumer.cursorKey(event.aggregateId))], "SET #version = :new",
                    if: old == 0 ? "attribute_not_exists(#version) OR #version = :old" : "#version = :old",
                    values: [":new": .int(event.version), ":old": .int(old)]))
        } catch DynamoDBError.conditionFailed {
            // An earlier try moved it.
        }
    }
}

/// An event that the projection can't apply, met by a rebuild.
public struct RebuildStopped: Error, Sendable, CustomStringConvertible {
    public var stack: String
    public var consumer: StreamConsumer
    public var fault: HintAnswer.Fault

    public var description: String {
        let what = fault.event.map { "event \($0.position) (id \($0.eventId), type '\($0.type)')" } ?? "stream '\(fault.aggregateId)'"
        return """
            the rebuild stops at \(what): \(fault.error)
            What serves was not changed. hint: `immutable parked \(stack) skip --consumer \(consumer.name) \
            --stream \(fault.aggregateId) --reason <text>` passes the event by on record, then run the rebuild again; \
            `immutable rebuild \(stack) \(consumer.name.dropFirst("projector/".count)) --abandon` gives it up
            """
    }
}
