import AWS
import EventSourcing
import EventStore
#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The record of which acts were done, shared by all releases of a stack. It admits each (reactor, event, index) once.
package struct EffectJournal: Sendable {
    let dynamo: any ItemStore
    let stack: String
    let reactor: String

    package init(dynamo: any ItemStore, stack: String, reactor: String) {
        self.dynamo = dynamo
        self.stack = stack
        self.reactor = reactor
    }

    private var table: String { StackNames(stack: stack).effects }

    private func key(_ event: StoredEvent, _ index: Int) -> Item {
        ["reactor": .s(reactor), "eventId": .s(index == 0 ? event.eventId : "\(event.eventId)#\(index)")]
    }

    func entry(_ event: StoredEvent, _ index: Int) async throws -> EffectClaim? {
        guard let item = try await dynamo.getItem(table, key(event, index)) else { return nil }
        guard let state = item["state"]?.string.flatMap(EffectClaim.State.init(rawValue:)), let claim = item["claim"]?.string,
            let expires = item["expires"]?.string.flatMap(Timestamp.parse)
        else { throw OddEffect(reactor: reactor, at: EventReference(event)) }
        return EffectClaim(state: state, claim: claim, expires: expires)
    }

    /// Claims the effect, conditional on the entry being as it was read. `false` where another try was faster.
    func claim(_ event: StoredEvent, _ index: Int, over existing: EffectClaim?, _ claim: EffectClaim, effect: Effect) async throws -> Bool {
        var item = key(event, index)
        item["state"] = .s(EffectClaim.State.claimed.rawValue)
        item["claim"] = .s(claim.claim)
        item["expires"] = .s(Timestamp.format(claim.expires))
        item["position"] = .s(event.position)
        item["release"] = .s(event.origin)
        item["effect"] = .s(try StableJSON.encode(effect))
        do {
            if let existing {
                try await dynamo.write(
                    .put(
                        table, item, if: "#claim = :old AND #state = :state",
                        values: [":old": .s(existing.claim), ":state": .s(existing.state.rawValue)]))
            } else {
                try await dynamo.write(.put(table, item, if: "attribute_not_exists(#reactor)"))
            }
            return true
        } catch DynamoDBError.conditionFailed(let found) {
            // A lost answer followed by the client's own retry shows our claim.
            return found?["claim"]?.string == claim.claim
        }
    }

    /// An entry that was parked meanwhile stays in doubt: a person decides.
    func done(_ event: StoredEvent, _ index: Int, _ claim: EffectClaim) async throws {
        do {
            try await dynamo.write(
                .update(
                    table, key(event, index), "SET #state = :done, #doneAt = :now", if: "#claim = :claim AND #state = :claimed",
                    values: [
                        ":claimed": .s(EffectClaim.State.claimed.rawValue),
                        ":done": .s(EffectClaim.State.done.rawValue), ":now": .s(Timestamp.format(dynamo.clock.now())),
                        ":claim": .s(claim.claim),
                    ])
            )
        } catch DynamoDBError.conditionFailed {}
    }

    /// Gives the claim back: the act was certainly not done.
    func giveBack(_ event: StoredEvent, _ index: Int, _ claim: EffectClaim) async throws {
        do {
            try await dynamo.write(
                .delete(
                    table, key(event, index), if: "#claim = :claim AND #state = :claimed",
                    values: [":claim": .s(claim.claim), ":claimed": .s(EffectClaim.State.claimed.rawValue)]))
        } catch DynamoDBError.conditionFailed {}
    }

    /// Marks an expired claim as in doubt, and lists it for `immutable effects`. `false` where the entry is not as it was read: it may be free by
    /// now, and then the act is still to be done.
    func park(_ event: StoredEvent, _ index: Int, _ claim: EffectClaim) async throws -> Bool {
        let key = key(event, index)
        let listed: Item = [
            "stack": .s(stack), "item": .s("doubt#\(reactor)#\(key["eventId"]?.string ?? event.eventId)"), "reactor": .s(reactor),
            "eventId": key["eventId"] ?? .s(event.eventId), "position": .s(event.position), "type": .s(event.type),
            "since": .s(Timestamp.format(claim.expires)),
        ]
        do {
            try await dynamo.transact(
                [
                    .update(
                        table, key, "SET #state = :doubt", if: "#claim = :claim AND #state = :claimed",
                        values: [
                            ":doubt": .s(EffectClaim.State.inDoubt.rawValue), ":claim": .s(claim.claim),
                            ":claimed": .s(EffectClaim.State.claimed.rawValue),
                        ]),
                    .put(StackNames.control, listed),
                ], tries: 10)
            return true
        } catch DynamoDBError.transactionCancelled(let reasons) where reasons.first?.code == "ConditionalCheckFailed" {
            return false
        }
    }
}

/// A journal entry of another shape.
struct OddEffect: StreamFault, CustomStringConvertible {
    var reactor: String
    var at: EventReference

    var event: EventReference? { at }
    var description: String { "the effect journal's entry of \(reactor) for event \(at.eventId) can't be read: mend or remove it." }
}
