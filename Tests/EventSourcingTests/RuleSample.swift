import EventSourcing
import Testing

/// What rules make of streams, in short: `OrderPlaced {"qty":2}`, with `@2` after the type for schema 2 and `stream: ` before it for another stream than
/// `o-17`.
struct RuleSample {
    let rules: Rules

    init(_ rules: Rules) { self.rules = rules }

    /// The copies of one stream.
    func copies(_ lines: [String], of stream: String = "o-17", closing: Bool = false) throws -> [StoredEvent] {
        var copy = StreamCopy(from: "r1")
        var copies: [StoredEvent] = []
        let events = StoredEvent.stream(stream, lines)
        for event in events { try copy.copy(event, by: rules.forward, into: &copies) }
        if closing { try copy.close(after: events.last, by: rules.forward, into: &copies) }
        return copies
    }

    func after(_ lines: String..., closing: Bool = false) throws -> [String] { try copies(lines, closing: closing).map(\.line) }

    /// How many events of the stream come back, and what doesn't, by type.
    func wayBack(_ lines: String..., of stream: String = "o-17") throws -> (proven: Int, unproven: [String: Int]) {
        var trip = try #require(RoundTrip(AnyTransform("sample", rules), of: stream))
        var copy = StreamCopy(from: "r1")
        for event in StoredEvent.stream(stream, lines) { try trip.check(event, became: try copy.copy(event, by: rules.forward)) }
        trip.finish()
        return (trip.proven, trip.unproven)
    }
}

extension StoredEvent {
    static func stream(_ aggregateId: String, _ lines: [String]) -> [StoredEvent] {
        lines.enumerated().map { index, line in
            let cut = line.firstIndex(of: " ") ?? line.endIndex
            let name = line[..<cut].split(separator: "@")
            var event = StoredEvent.sample(
                aggregateId, version: index + 1, type: String(name[0]),
                data: cut == line.endIndex ? "{}" : String(line[line.index(after: cut)...]))
            event.schema = name.count > 1 ? Int(name[1]) ?? 1 : 1
            return event
        }
    }

    var line: String {
        (aggregateId == "o-17" ? "" : "\(aggregateId): ") + type + (schema == 1 ? "" : "@\(schema)") + (data == "{}" ? "" : " \(data)")
    }
}
