/// What a client knows of one of its orders: it alone changes it, and waits for each answer.
struct OrderLife: Sendable, Hashable {
    /// The states in the words of the API.
    enum Status: String, Sendable, Decodable {
        case placed, paid, shipped, cancelled
    }

    let id: String
    let shard: Int
    let name: String
    let email: String
    let lines: [Line]
    /// The state after each version: the first is version 1.
    private(set) var history: [Status] = []

    struct Line: Sendable, Hashable, Encodable {
        var sku: String
        var quantity: Int
        var unitPrice: String
    }

    init(id: String, shard: Int, name: String, email: String, lines: [(sku: String, quantity: Int, cents: Int)]) {
        self.id = id
        self.shard = shard
        self.name = name
        self.email = email
        self.lines = lines.map { Line(sku: $0.sku, quantity: $0.quantity, unitPrice: Money.text(cents: $0.cents)) }
        total = Money.text(cents: lines.reduce(0) { $0 + $1.quantity * $1.cents })
    }

    /// What it costs, as a decimal string.
    let total: String

    var version: Int { history.count }

    mutating func become(_ status: Status) { history.append(status) }
}

/// Amounts as clients write them.
enum Money {
    static func text(cents: Int) -> String {
        let rest = cents % 100
        return "\(cents / 100).\(rest < 10 ? "0" : "")\(rest)"
    }
}
