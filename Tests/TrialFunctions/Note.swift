import EventSourcing

struct Noted: EventPayload, Hashable {
    var number: String
}

enum NoteStream: Aggregate {
    static let initial = 0
    static let events = EventTypes([Noted.self])

    static func evolve(_ state: Int, _ event: any EventPayload) -> Int { state + 1 }
}

/// `POST /notes/{noteId}`
struct Note: Command {
    typealias Stream = NoteStream

    let aggregateId: String
    let number: String

    init(_ request: CommandRequest) throws {
        aggregateId = try request.parameter("noteId")
        number = try request.body.string("number")
    }

    func decide(_ state: Int, at version: Int) -> Decision {
        .accept([Noted(number: number)], Answer(201, ["version": .number(.init(version + 1))]))
    }
}

/// Read model `notes`: one document for each stream.
enum Notes: Projection {
    struct Document: Codable, Hashable, Sendable {
        var noteId: String
        var events: Int
        /// The lengths of all data together: changes where any event's data does.
        var bytes: Int
    }

    static func documentIDs(for event: StoredEvent) -> [String] { [event.aggregateId] }

    static func apply(_ event: StoredEvent, to document: inout Document?, id: String) throws {
        var one = document ?? Document(noteId: id, events: 0, bytes: 0)
        one.events += 1
        one.bytes += event.data.utf8.count
        document = one
    }
}
