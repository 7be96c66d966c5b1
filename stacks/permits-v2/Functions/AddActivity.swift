import EventSourcing

/// `POST /cases/{caseId}/activities`: `activity` and up to 50 further texts, of which `org:group` names the department that did it. A
/// department's file of a case begins with its first activity.
struct AddActivity: Command {
    typealias Stream = DepartmentFile

    let aggregateId: String
    let activity: Activity

    init(_ request: CommandRequest) throws {
        var columns = try Self.columns(of: request.body)
        let department = columns.removeValue(forKey: Departments.attribute) ?? ""
        guard !department.contains("/"), AggregateID.problem("-" + department) == nil else {
            throw MalformedInput(field: Departments.attribute, problem: "must be a department's name, in NFC and without a slash")
        }
        aggregateId = FileID(caseId: try request.parameter("caseId"), department: department).description
        let name = try request.body.string("activity")
        guard name.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control }) else {
            throw MalformedInput(field: "activity", problem: "must not have control characters")
        }
        activity = Activity(name: Activities.current(name), columns: columns)
    }

    func decide(_ state: DepartmentFile.State, at version: Int) -> Decision {
        .accept([activity], Answer(201, ["caseId": .string(FileID(aggregateId).caseId), "version": .number(.init(version + 1))]))
    }

    private static func columns(of body: Fields) throws -> [String: String] {
        let fields = body.all.filter { $0.key != "activity" }
        guard fields.count <= 50 else { throw MalformedInput(field: "body", problem: "must have at most 50 fields beside activity") }
        var columns: [String: String] = [:]
        // In order, so that the same request gets the same message.
        for (name, value) in fields.sorted(by: { $0.key < $1.key }) {
            guard (1...128).contains(name.utf8.count) else {
                throw MalformedInput(field: String(name.prefix(32)), problem: "must have a name of 1 to 128 bytes")
            }
            guard let text = value.string else { throw MalformedInput(field: name, problem: "must be a string") }
            // 50 of them stay under an event's limit even where JSON needs 6 bytes for each.
            guard text.utf8.count <= 1024 else { throw MalformedInput(field: name, problem: "must be at most 1024 bytes") }
            columns[name] = text
        }
        return columns
    }
}
