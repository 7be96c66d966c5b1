import EventSourcing
import EventStore
import Foundation

/// Asks a mapping of the candidate's artifact what it makes of live documents.
struct MappingCall: Sendable {
    let cloud: Cloud
    let function: String

    /// An invocation takes 6 MB (Lambda); with as much again for the answer, and room for JSON's quotes.
    private static let bytes = 1_000_000

    /// By id. A document that is left out is expected to be absent in the candidate.
    func expected(_ documents: [String: DocumentDiff.Fields]) async throws -> [String: DocumentDiff.Fields] {
        var all: [String: DocumentDiff.Fields] = [:]
        var batch: [MappingOrder.Document] = []
        var size = 0
        for (id, fields) in documents.sorted(by: { $0.key < $1.key }) {
            let document = MappingOrder.Document(id: id, fields: fields)
            let bytes = try StableJSON.encode(document).utf8.count
            if size + bytes > Self.bytes, !batch.isEmpty {
                try await ask(batch, &all)
                batch = []
                size = 0
            }
            batch.append(document)
            size += bytes
        }
        if !batch.isEmpty { try await ask(batch, &all) }
        return all
    }

    private func ask(_ batch: [MappingOrder.Document], _ all: inout [String: DocumentDiff.Fields]) async throws {
        let order = try StableJSON.encode(MappingOrder(documents: batch))
        let answer: MappingOrder = try await FunctionCall(cloud: cloud).json(function, order, retry: .whenTransient)
        for document in answer.documents { all[document.id] = document.fields }
    }
}
