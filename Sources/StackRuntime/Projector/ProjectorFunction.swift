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
        for (stream, fault) in try await projector.project(Hints(payload).streams) {
            try await parking.park(consumer, stream, error: fault)
        }
        return Array("{\"batchItemFailures\":[]}".utf8)
    }
}
