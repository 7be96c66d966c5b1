import AWS

/// One process' handle on the store: each call happens when the scheduler says, with the faults that the schedule has for it.
struct SimulatedStore: ItemStore {
    let process: Process

    var clock: ClientClock { process.clock }

    func getItem(_ table: String, _ key: Item, consistent: Bool, attributes: [String]?) async throws -> Item? {
        try await call(.get(table, key)) { try $0.getItem(table, key, attributes: attributes) }
    }

    @discardableResult
    func write(_ write: Write) async throws -> Item? {
        try await call(.write(write), repeatable: true) { try $0.write(write) }
    }

    func transact(_ writes: [Write], token: String?) async throws {
        if writes.isEmpty { return }
        try await call(.transact(writes)) { try $0.transact(writes) }
    }

    func query(_ request: DynamoDB.QueryRequest) async throws -> DynamoDB.Page {
        try await call(.query(request)) { try $0.query(request) }
    }

    func scan(_ request: DynamoDB.ScanRequest) async throws -> DynamoDB.Page {
        try await call(.scan(request)) { try $0.scan(request) }
    }

    func batchGet(_ table: String, keys: [Item], consistent: Bool) async throws -> [Item] {
        if keys.isEmpty { return [] }
        return try await call(.batchGet(table, keys)) { try $0.batchGet(table, keys: keys) }
    }

    func batchPut(_ table: String, _ items: [Item]) async throws {
        if items.isEmpty { return }
        try await call(.batchWrite(table, items), repeatable: true) { try $0.batchPut(table, items) }
    }

    func batchDelete(_ table: String, keys: [Item]) async throws {
        if keys.isEmpty { return }
        try await call(.batchWrite(table, keys), repeatable: true) { try $0.batchDelete(table, keys: keys) }
    }

    /// Something that isn't the store's: it happens, and fails, in the same way.
    func other<T: Sendable>(_ what: String, _ effect: @escaping () -> T) async throws -> T {
        try await call(.other(what)) { _ in effect() }
    }

    /// - Parameter repeatable: whether the client's own retry may carry it out a second time. A transaction has a token against that.
    private func call<T: Sendable>(
        _ operation: StoreCall.Operation, repeatable: Bool = false, _ effect: @escaping (MemoryStore) throws -> T
    ) async throws -> T {
        if process.isDead { throw Crashed() }
        try Task.checkCancellation()
        let process = process
        let answer: T = try await withUnsafeThrowingContinuation { continuation in
            process.world.scheduler.arrive(
                StoreCall(process, operation) { fault in
                    let result = Result { try Self.carryOut(process, operation, repeatable, fault, effect) }
                    return { continuation.resume(with: process.isDead ? .failure(Crashed()) : result) }
                })
        }
        // What a cancelled caller asked for may have been done; it learns nothing.
        try Task.checkCancellation()
        return answer
    }

    private static func carryOut<T>(
        _ process: Process, _ operation: StoreCall.Operation, _ repeatable: Bool, _ fault: Fault.Kind?,
        _ effect: @escaping (MemoryStore) throws -> T
    ) throws -> T {
        if process.isDead { throw Crashed() }
        let store = process.world.store
        switch fault {
        case .crashBefore?:
            process.die()
            throw Crashed()
        case .crashAfter?:
            _ = try? effect(store)
            process.die()
            throw Crashed()
        case .answerLost?:
            _ = try? effect(store)
            throw failure(process, "InternalServerError", 500)
        case .late(let milliseconds)?:
            if case .other = operation {
                _ = try effect(store)
            } else {
                process.world.land(operation, after: milliseconds * 1_000) { _ = try? effect(store) }
            }
            process.isDisturbed = true
            throw Self.gaveUp
        case .unavailable?: throw failure(process, "InternalServerError", 500)
        case .throttled?: throw failure(process, "ThrottlingException", 400)
        case .conflict?:
            switch operation {
            case .transact(let writes):
                let reasons = writes.indices.map { CancellationReason(code: $0 == writes.count - 1 ? "TransactionConflict" : "None") }
                throw DynamoDBError.transactionCancelled(reasons)
            case .write: throw failure(process, "TransactionConflictException", 400)
            default: return try effect(store)
            }
        case .repeated? where repeatable:
            _ = try? effect(store)
            return try effect(store)
        case .repeated?, .stall?, .freeze?, .clock?, .torn?, nil:
            return try effect(store)
        }
    }

    private static let gaveUp = ConnectionError(
        service: "DynamoDB", operation: "call", endpoint: EndpointResolver().endpoint(for: .dynamoDB, region: "eu-west-1"),
        cause: TransportError(.timedOut, "no answer in time"), attempts: 3)

    private static func failure(_ process: Process, _ code: String, _ status: Int) -> AWSError {
        process.isDisturbed = true
        return AWSError(service: "DynamoDB", operation: "call", code: code, message: "simulated", statusCode: status)
    }
}
