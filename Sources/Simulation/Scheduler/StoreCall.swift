import AWS

/// One call that a process waits for: to the store, or to what stands beside it.
final class StoreCall {
    let process: Process
    let operation: Operation
    /// Its number among all calls of the schedule, from 1; given when its moment is decided.
    var number = 0
    /// What orders it among calls of one process.
    private lazy var text = operation.description
    /// Does it, or fails as the fault says; what it returns hands over the answer.
    let perform: (Fault.Kind?) -> () -> Void

    enum Operation {
        case get(String, Item)
        case write(Write)
        case transact([Write])
        case query(DynamoDB.QueryRequest)
        case scan(DynamoDB.ScanRequest)
        case batchGet(String, [Item])
        case batchWrite(String, [Item])
        /// Something else than the store.
        case other(String)

        /// What it writes on conditions, and what it only checks.
        var writes: [Write] {
            switch self {
            case .write(let write): [write]
            case .transact(let writes): writes
            case .get, .query, .scan, .batchGet, .batchWrite, .other: []
            }
        }
    }

    init(_ process: Process, _ operation: Operation, perform: @escaping (Fault.Kind?) -> () -> Void) {
        self.process = process
        self.operation = operation
        self.perform = perform
    }

    /// An order that doesn't depend on which came first.
    func precedes(_ other: StoreCall) -> Bool {
        if process.number != other.process.number { return process.number < other.process.number }
        return text < other.text
    }
}

extension StoreCall.Operation: CustomStringConvertible {
    var description: String {
        switch self {
        case .get(let table, let key): "get \(table) \(Self.name(key))"
        case .write(let write): Self.name(write)
        case .transact(let writes): "transact [" + writes.map(Self.name).joined(separator: "; ") + "]"
        case .query(let request): "query \(request.table) \(Self.name(request.values))"
        case .scan(let request): "scan \(request.table)"
        case .batchGet(let table, let keys): "get \(table) \(keys.map(Self.name).joined(separator: ", "))"
        case .batchWrite(let table, let items): "write \(table) \(items.map(Self.name).joined(separator: ", "))"
        case .other(let text): text
        }
    }

    /// What an item's key says, shortly.
    private static func name(_ item: Item) -> String {
        let keys = ["shard", "item", "aggregateId", "version", "consumer", "reactor", "eventId"]
        let named = item["version"] != nil ? ["aggregateId", "version"] : keys.filter { item[$0] != nil }
        return (named.isEmpty ? item.keys.sorted() : named).compactMap { item[$0].flatMap { $0.string ?? $0.number } }.joined(
            separator: "/")
    }

    private static func name(_ write: Write) -> String {
        let (verb, key): (String, Item) =
            switch write.action {
            case .put(let item): ("put", item)
            case .update(let key, let expression): ("update [\(expression)]", key)
            case .delete(let key): ("delete", key)
            case .check(let key): ("check", key)
            }
        return "\(verb) \(write.table) \(name(key))" + (write.condition.map { " if \($0)" } ?? "")
    }
}
