import AWS
import Foundation

/// DynamoDB's data plane in memory, as far as the product uses it. One thread or task at a time uses it.
final class MemoryStore {
    private(set) var tables: [String: MemoryTable] = [:]
    /// Items looked at per page at most, as DynamoDB's 1 MB limits a page.
    var pageLimit = Int.max
    /// Called after each write or transaction with what it changed.
    var committed: ([Change]) -> Void = { _ in }
    var sabotage: Sabotage?
    private let expressions: ExpressionCache
    private var tokens = Set<String>()
    /// Items of a transaction that reads don't show yet, as they were before it: DynamoDB may show one transaction's items at different moments.
    private(set) var hidden: [Place: Item?] = [:]
    /// What a transaction holds that isn't visible as a whole yet.
    private var locked = Set<Place>()

    struct Place: Hashable {
        var table: String
        var hash: String
        var range: RangeKey
    }

    struct Change {
        var place: Place
        var old: Item?
        var new: Item?
    }

    init(expressions: ExpressionCache = ExpressionCache()) { self.expressions = expressions }

    func createTable(_ name: String, hashKey: String, rangeKey: String? = nil) {
        tables[name] = MemoryTable(hashKey: hashKey, rangeKey: rangeKey)
    }

    /// Holds these tables, and nobody is told of a change.
    func load(_ tables: [String: MemoryTable]) { self.tables = tables }

    // MARK: Writes

    func write(_ write: Write) throws -> Item? {
        guard case .check = write.action else {
            let change = try change(write).get()
            apply([change])
            if case .update = write.action { return change.new }
            return nil
        }
        throw Self.invalid("write", "a check stands only in a transaction")
    }

    func transact(_ writes: [Write], token: String? = nil) throws {
        if writes.isEmpty { return }
        guard writes.count <= 100 else { throw Self.invalid("TransactWriteItems", "\(writes.count) actions; the limit is 100") }
        if let token, tokens.contains(token) { return }
        var changes: [Change] = []
        var reasons: [CancellationReason] = []
        var places: [Place] = []
        for write in writes {
            switch try change(write) {
            case .success(let change):
                // Few: comparing them takes less than hashing them.
                if places.contains(change.place) { throw Self.invalid("TransactWriteItems", "two actions on one item") }
                places.append(change.place)
                reasons.append(CancellationReason(code: isLocked(change.place) ? "TransactionConflict" : "None"))
                if case .check = write.action { continue }
                if sabotage == .losesOutbox, case .put(let item) = write.action, item["count"] != nil { continue }
                changes.append(change)
            case .failure(.conditionFailed(let item)):
                reasons.append(CancellationReason(code: "ConditionalCheckFailed", message: "The conditional request failed", item: item))
            case .failure(let other): throw other
            }
        }
        guard reasons.allSatisfy({ $0.code == "None" }) else {
            if sabotage == .halfTransactions { apply(changes) }
            throw DynamoDBError.transactionCancelled(reasons)
        }
        if let token { tokens.insert(token) }
        apply(changes)
    }

    func batchPut(_ table: String, _ items: [Item]) throws {
        let changes = try items.map { try change(.put(table, $0)).get() }
        guard Set(changes.map(\.place)).count == changes.count else { throw Self.invalid("BatchWriteItem", "two puts of one item") }
        for change in changes { apply([change]) }
    }

    func batchDelete(_ table: String, keys: [Item]) throws {
        let changes = try keys.map { try change(.delete(table, $0)).get() }
        guard Set(changes.map(\.place)).count == changes.count else { throw Self.invalid("BatchWriteItem", "two deletions of one item") }
        for change in changes { apply([change]) }
    }

    private func apply(_ changes: [Change]) {
        for change in changes { tables[change.place.table]?.set(change.new, change.place.hash, change.place.range) }
        committed(changes)
    }

    /// The place that a write is about.
    func place(of write: Write) throws -> Place {
        let table = try table(write.table)
        let item: Item =
            switch write.action {
            case .put(let item): item
            case .update(let key, _), .delete(let key), .check(let key): key
            }
        guard let (hash, range) = table.place(of: item) else {
            throw Self.invalid("write", "the item has no usable key for table '\(write.table)'")
        }
        return Place(table: write.table, hash: hash, range: range)
    }

    /// What a write would do now, or the condition that keeps it from it.
    private func change(_ write: Write) throws -> Result<Change, DynamoDBError> {
        let place = try place(of: write)
        let old = tables[write.table]?.item(place.hash, place.range)
        let update: ExpressionCache.Parsed<UpdateExpression>? =
            if case .update(_, let expression) = write.action { try expressions.update(expression) } else { nil }
        let condition = try write.condition.map { try expressions.condition($0) }
        guard Self.used(update?.used ?? [], condition?.used ?? []) == write.values.count else {
            throw Self.invalid("write", "a value that no expression mentions, or none for one")
        }
        if let condition, !condition.expression.holds(on: old ?? [:], write.values) { return .failure(.conditionFailed(item: old)) }
        let new: Item?
        switch write.action {
        case .put(let item): new = item
        case .delete: new = nil
        case .check: new = old
        case .update(let key, _): new = try updated(old, key, update?.expression ?? UpdateExpression(), write.values)
        }
        return .success(Change(place: place, old: old, new: new))
    }

    private static func used(_ first: Set<String>, _ second: Set<String>) -> Int {
        first.isEmpty ? second.count : second.isEmpty ? first.count : first.union(second).count
    }

    private func updated(_ old: Item?, _ key: Item, _ update: UpdateExpression, _ values: Item) throws -> Item {
        let before = old ?? [:]
        var item = old ?? key
        for assignment in update.set {
            guard var value = assignment.first.value(on: before, values) else {
                throw Self.invalid("UpdateItem", "the expression refers to an attribute that doesn't exist in the item")
            }
            if let (isSum, operand) = assignment.second {
                value = try Self.sum(value, operand.value(on: before, values), isSum: isSum)
            }
            guard item.set(value, at: assignment.path[...]) else { throw Self.invalid("UpdateItem", "the document path is invalid") }
        }
        for (path, operand) in update.add {
            guard let value = operand.value(on: before, values), value.number != nil else {
                throw Self.invalid("UpdateItem", "ADD takes numbers")
            }
            let sum = try before.value(at: path).map { try Self.sum($0, value, isSum: true) } ?? value
            guard item.set(sum, at: path[...]) else { throw Self.invalid("UpdateItem", "the document path is invalid") }
        }
        for path in update.remove where before.value(at: path) != nil { _ = item.set(nil, at: path[...]) }
        return item
    }

    private static func sum(_ left: AttributeValue, _ right: AttributeValue?, isSum: Bool) throws -> AttributeValue {
        guard let right, let first = left.integer(Int128.self), let second = right.integer(Int128.self) else {
            throw invalid("UpdateItem", "an operand is no whole number")
        }
        return .int(isSum ? first + second : first - second)
    }

    // MARK: Reads

    func getItem(_ name: String, _ key: Item, attributes: [String]? = nil) throws -> Item? {
        guard let (hash, range) = try table(name).place(of: key) else { throw Self.invalid("GetItem", "the key doesn't fit '\(name)'") }
        return visible(Place(table: name, hash: hash, range: range)).map { Self.project($0, attributes) }
    }

    func batchGet(_ name: String, keys: [Item]) throws -> [Item] {
        var seen = Set<Item>()
        return try keys.filter { seen.insert($0).inserted }.compactMap { try getItem(name, $0) }
    }

    func query(_ request: DynamoDB.QueryRequest) throws -> DynamoDB.Page {
        let table = try table(request.table)
        let key = try expressions.condition(request.keyCondition)
        guard let value = key.expression.equal(to: table.hashKey, request.values), let hash = value.string ?? value.number else {
            throw Self.invalid("Query", "the key condition must ask for one value of '\(table.hashKey)'")
        }
        let start = try request.startKey.map { key in
            guard let place = table.place(of: key) else { throw Self.invalid("Query", "the start key doesn't fit '\(request.table)'") }
            return place.range
        }
        var items = shown(request.table, hash).filter { key.expression.holds(on: $0.item, request.values) }
        if !request.ascending { items.reverse() }
        if let start { items = Array(items.drop { request.ascending ? !(start < $0.range) : !($0.range < start) }) }
        return try page(items.map(\.item), table, request.limit, request.filter, request.values, request.attributes)
    }

    func scan(_ request: DynamoDB.ScanRequest) throws -> DynamoDB.Page {
        let table = try table(request.table)
        let hashes = table.partitions.keys.map { (order: Self.order($0), hash: $0) }
            .filter { Int($0.order % UInt64(max(1, request.totalSegments))) == request.segment }
            .sorted { ($0.order, $0.hash) < ($1.order, $1.hash) }
        let start = request.startKey.flatMap(table.place(of:))
        var items: [Item] = []
        for (order, hash) in hashes {
            if let start, (order, hash) < (Self.order(start.hash), start.hash) { continue }
            for entry in shown(request.table, hash) {
                if let start, hash == start.hash, !(start.range < entry.range) { continue }
                items.append(entry.item)
            }
        }
        return try page(items, table, request.limit, request.filter, request.values, request.attributes)
    }

    private func page(
        _ items: [Item], _ table: MemoryTable, _ limit: Int?, _ filter: String?, _ values: Item, _ attributes: [String]?
    ) throws -> DynamoDB.Page {
        let most = min(limit ?? .max, pageLimit)
        let filter = try filter.map { try expressions.condition($0).expression }
        let looked = items.prefix(most)
        let found = looked.filter { item in filter.map { $0.holds(on: item, values) } ?? true }
        return DynamoDB.Page(
            items: found.map { Self.project($0, attributes) }, lastKey: items.count < most ? nil : looked.last.map(table.key(of:)))
    }

    private func visible(_ place: Place) -> Item? {
        if !hidden.isEmpty, let before = hidden[place] { return before }
        return tables[place.table]?.item(place.hash, place.range)
    }

    /// A partition as reads see it.
    private func shown(_ table: String, _ hash: String) -> [MemoryTable.Entry] {
        let entries = tables[table]?.partitions[hash] ?? []
        if hidden.isEmpty { return entries }
        var shown: [MemoryTable.Entry] = entries.filter { hidden[Place(table: table, hash: hash, range: $0.range)] == nil }
        for (place, before) in hidden where place.table == table && place.hash == hash {
            guard let before else { continue }
            shown.insert(
                MemoryTable.Entry(range: place.range, item: before), at: MemoryTable.index(of: place.range, in: shown))
        }
        return shown
    }

    func isLocked(_ place: Place) -> Bool { !locked.isEmpty && locked.contains(place) }

    /// Reads show the item as it was before, until it is shown. `locking`: and no other transaction may change it.
    func hide(_ change: Change, locking: Bool) {
        hidden.updateValue(change.old, forKey: change.place)
        if locking { locked.insert(change.place) }
    }

    func show(_ place: Place) {
        hidden.removeValue(forKey: place)
        locked.remove(place)
    }

    private func table(_ name: String) throws -> MemoryTable {
        guard let table = tables[name] else {
            throw AWSError(
                service: "DynamoDB", operation: "call", code: "ResourceNotFoundException", message: "no table '\(name)'", statusCode: 400)
        }
        return table
    }

    private static func project(_ item: Item, _ attributes: [String]?) -> Item {
        guard let attributes, !attributes.isEmpty else { return item }
        return item.filter { attributes.contains($0.key) }
    }

    /// Where a partition stands in a scan.
    private static func order(_ hash: String) -> UInt64 { StableHash.of(hash) }

    static func invalid(_ operation: String, _ message: String) -> AWSError {
        AWSError(service: "DynamoDB", operation: operation, code: "ValidationException", message: message, statusCode: 400)
    }
}
