import EventSourcing
import EventStore
#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Tells a verifier which events of a stream touch a document: `{"touching": [{"document": "o-17", "stream": "o-17"}]}`.
struct DocumentEvents: Sendable {
    let projection: AnyProjection
    let reader: StreamReader

    struct Question: Codable, Sendable {
        var document: String
        var stream: String
    }

    struct Answer: Codable, Sendable {
        /// Per question, `aggregateId@version type` in the stream's order.
        var events: [[String]]
    }

    /// `nil` where the payload is something else.
    static func asked(_ payload: [UInt8]) throws -> [Question]? {
        struct Order: Decodable { var touching: [Question]? }
        return try JSONDecoder().decode(Order.self, from: Data(payload)).touching
    }

    func answer(_ questions: [Question]) async throws -> [UInt8] {
        var answer = Answer(events: [])
        for question in questions {
            var touching: [String] = []
            var version = 0
            while case let page = try await reader.page(question.stream, after: version, limit: 200), let last = page.last {
                // An event that the projection can't read is one that stopped the stream: it touches nothing.
                for event in page where (try? projection.documentIDs(event).contains(question.document)) == true {
                    touching.append("\(event.position) \(event.type)")
                }
                version = last.version
            }
            answer.events.append(touching)
        }
        return Array(try StableJSON.encode(answer).utf8)
    }
}
