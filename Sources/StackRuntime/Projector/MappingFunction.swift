import EventSourcing
import EventStore
#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The Lambda of one mapping: makes the documents that parity expects out of live ones.
struct MappingFunction: InvocationHandler {
    let mapping: AnyMapping

    func handle(_ payload: [UInt8], _ invocation: Invocation) async throws -> [UInt8] {
        let order = try JSONDecoder().decode(MappingOrder.self, from: Data(payload))
        let expected = try order.documents.compactMap { document -> MappingOrder.Document? in
            do {
                return try mapping.expected(document.fields, document.id).map { .init(id: document.id, fields: $0) }
            } catch {
                throw MappingFailed(mapping: mapping.name, id: document.id, reason: "\(error)")
            }
        }
        return Array(try StableJSON.encode(MappingOrder(documents: expected)).utf8)
    }
}

/// A live document that a mapping can't take.
struct MappingFailed: Error, CustomStringConvertible {
    var mapping: String
    var id: String
    var reason: String

    var description: String { "mapping '\(mapping)' can't map document '\(id)': \(reason)" }
}
