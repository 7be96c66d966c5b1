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

    /// By stream: the documents that its events after a version touch, each once; and these events, up to the version that is asked for at least.
    func documents(_ streams: [TouchedOrder.Stream]) async throws -> (ids: [String: [String]], events: [String: [StoredEvent]]) {
        let events = try await events(streams)
        // An event that the projection can't read touches nothing: it stops the stream.
        let ids = events.mapValues { $0.reduce(into: Set<String>()) { $0.formUnion((try? projection.documentIDs($1)) ?? []) }.sorted() }
        return (ids, events)
    }

    private func events(_ streams: [TouchedOrder.Stream]) async throws -> [String: [StoredEvent]] {
        let spans = Dictionary(streams.map { ($0.stream, $0.span) }) { $0 + $1 }
        // A span of nothing asks for everything to the stream's end.
        let known = try await reader.spans(spans.filter { $1.after < $1.upTo })
        return try await withThrowingTaskGroup(of: (String, [StoredEvent]).self) { group in
            for (stream, span) in spans where known[stream] == nil {
                group.addTask {
                    var events: [StoredEvent] = []
                    var version = span.after
                    while true {
                        let page = try await reader.part(stream, after: version, limit: 200, atLeast: span.upTo)
                        events += page.events
                        version = page.events.last?.version ?? version
                        if page.isLast, version >= span.upTo { return (stream, events) }
                    }
                }
            }
            return try await group.reduce(into: known) { $0[$1.0] = $1.1 }
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
