import EventSourcing
import EventStore

/// The Lambda of one projection: takes hints from the bus, the replay's second pass or an audit, and projects their streams.
struct ProjectorFunction: InvocationHandler {
    private let projector: Projector
    private let parking: Parking
    private let consumer: String

    init(projection: AnyProjection, context: ReleaseContext) throws {
        let readModel = try context.required("IMMUTABLE_READ_MODEL")
        projector = Projector(
            projection: projection, readModel: readModel, dynamo: context.dynamo, names: context.releaseNames, reader: context.reader)
        parking = context.parking
        consumer = "projector/\(readModel)"
    }

    func handle(_ payload: [UInt8], _ invocation: Invocation) async throws -> [UInt8] {
        if let asked = try DocumentEvents.asked(payload) {
            return try await DocumentEvents(projection: projector.projection, reader: projector.reader).answer(asked)
        }
        let faults = try await projector.project(Hints(payload).streams)
        for (stream, fault) in faults { try await parking.park(consumer, stream, error: fault) }
        return try HintAnswer(faults).bytes()
    }
}
