import EventSourcing
import EventStore

/// The Lambda of one reactor.
struct ReactorFunction: InvocationHandler {
    private let run: ReactorRun
    private let parking: Parking

    init(reactor: any Reactor.Type, context: ReleaseContext) throws {
        run = ReactorRun(
            reactor: reactor, retriesAfterCrash: context.variable("IMMUTABLE_AFTER_CRASH") == "retry", release: context.release,
            dynamo: context.dynamo, names: context.releaseNames, reader: context.reader,
            journal: EffectJournal(dynamo: context.dynamo, stack: context.stack, reactor: reactor.name),
            performer: EffectPerformer(aws: context.aws, sender: try context.required("IMMUTABLE_MAIL_SENDER")))
        parking = context.parking
    }

    func handle(_ payload: [UInt8], _ invocation: Invocation) async throws -> [UInt8] {
        let run = run, parking = parking
        let faults = FaultList()
        // An effect is of an event that is in the store, not of one that a caller tells of.
        try await run.react(to: try Hints(payload).withoutEvents) { stream, fault in
            try await parking.park("reactor/\(run.reactor.name)", stream, error: fault)
            await faults.add(stream, fault)
        }
        return try await HintAnswer(faults.all).bytes()
    }

    private actor FaultList {
        private(set) var all: [String: any StreamFault] = [:]

        func add(_ stream: String, _ fault: any StreamFault) { all[stream] = fault }
    }
}
