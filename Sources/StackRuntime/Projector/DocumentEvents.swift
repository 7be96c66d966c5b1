import EventSourcing
import EventStore

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

    /// By stream: the documents that its events after a version touch, each once; and these events, up to the stream's end.
    func documents(_ streams: [TouchedOrder.Stream]) async throws -> (ids: [String: [String]], events: [String: [StoredEvent]]) {
        try await withThrowingTaskGroup(of: (String, Set<String>, [StoredEvent]).self) { group in
            for stream in streams {
                group.addTask {
                    var documents = Set<String>()
                    var events: [StoredEvent] = []
                    var version = stream.after
                    while true {
                        let page = try await reader.part(stream.stream, after: version, limit: 200, atLeast: stream.upTo)
                        // An event that the projection can't read touches nothing: it stops the stream.
                        for event in page.events { documents.formUnion((try? projection.documentIDs(event)) ?? []) }
                        events += page.events
                        version = page.events.last?.version ?? version
                        if page.isLast, version >= stream.upTo { return (stream.stream, documents, events) }
                    }
                }
            }
            return try await group.reduce(into: ([:], [:])) { all, stream in
                all.0[stream.0] = stream.1.sorted()
                all.1[stream.0] = stream.2
            }
        }
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
