import EventSourcing
import Foundation

@testable import OrdersV2Functions

/// One stream in memory: commands are decided on it as a handler would.
struct OrderStream {
    var events: [StoredEvent] = []

    /// Decides on the stream's state and appends what was accepted.
    mutating func run<C: Command>(_ command: C) throws -> Answer where C.Stream == Order {
        let state = try events.reduce(Order.initial) { Order.evolve($0, try Order.decode($1)) }
        switch command.decide(state, at: events.count) {
        case .refuse(let answer):
            return answer
        case .accept(let payloads, let answer):
            for payload in payloads { events.append(try .stored(payload, in: command.aggregateId, version: events.count + 1)) }
            return answer
        }
    }

    /// The documents of a projection after all events.
    func documents<P: Projection>(_ projection: P.Type) throws -> [String: P.Document] {
        try events.reduce(into: [:]) { documents, event in
            for id in try P.documentIDs(for: event) { try P.apply(event, to: &documents[id], id: id) }
        }
    }
}

extension StoredEvent {
    static func stored(_ payload: some EventPayload, in stream: String, version: Int) throws -> StoredEvent {
        let content = try ConvertedEvent(payload)
        return StoredEvent(
            aggregateId: stream, version: version, eventId: "e-\(version)", type: content.type, schema: content.schema, data: content.data,
            at: "2025-11-24T10:00:0\(version).000000Z", epoch: 1, origin: "r1")
    }
}

/// A body of `POST /orders` that is accepted, but for the field that `change` breaks.
func placement(_ change: (inout Value) -> Void = { _ in }) -> Value {
    var body: Value = [
        "orderId": "o-17",
        "customer": ["name": "Ann Lee", "email": "ann@shop.example"],
        "lines": [
            ["sku": "tea", "quantity": 2, "unitPrice": "4.95"],
            ["sku": "pot", "quantity": 1, "unitPrice": "10.1"],
        ],
    ]
    change(&body)
    return body
}

func place(_ change: (inout Value) -> Void = { _ in }) throws -> PlaceOrder { try PlaceOrder(CommandRequest(body: placement(change))) }

func pay(_ amount: String = "20.00") throws -> PayOrder {
    try PayOrder(CommandRequest(path: ["orderId": "o-17"], body: ["amount": .string(amount)]))
}

func ship() throws -> ShipOrder { try ShipOrder(CommandRequest(path: ["orderId": "o-17"], body: ["carrier": "Post"])) }

func cancel() throws -> CancelOrder { try CancelOrder(CommandRequest(path: ["orderId": "o-17"], body: ["reason": "late"])) }
