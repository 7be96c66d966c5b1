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
        let hints = try Hints(payload)
        let faults = FaultList()
        var failure: (any Error)?
        for streams in hints.streams.chunks(of: Self.streamsPerRead) {
            do { try await react(to: streams, hints, faults) } catch { failure = failure ?? error }
        }
        if let failure { throw failure }
        return try await HintAnswer(faults.all).bytes()
    }

    /// Streams whose events are in memory at once.
    private static let streamsPerRead = 40

    /// Every stream is tried; the first error is thrown at the end.
    private func react(to streams: [String], _ hints: Hints, _ faults: FaultList) async throws {
        let run = run, parking = parking
        let places = try await run.places(streams, hints)
        try await Streams.forEach(streams.filter { places[$0] != nil }) { stream in
            guard let place = places[stream] else { return }
            do {
                try await run.react(to: stream, at: place)
            } catch let error as any StreamFault {
                try await parking.park("reactor/\(run.reactor.name)", stream, error: error)
                await faults.add(stream, error)
            }
        }
    }

    private actor FaultList {
        private(set) var all: [String: any StreamFault] = [:]

        func add(_ stream: String, _ fault: any StreamFault) { all[stream] = fault }
    }
}
