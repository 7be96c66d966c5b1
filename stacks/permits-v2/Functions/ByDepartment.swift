import EventSourcing

/// A case's stream becomes one for each department that worked on it; some activities get other names, and the drafts of advice become one;
/// the department's name moves from the data of each event to the name of its stream, and the deadline, which each event repeated, to the first
/// event of the stream that has it.
enum ByDepartment: CopyTransform {
    static let rules = Rules(
        Activities.renamed.sorted { $0.key < $1.key }.map { .renameEvent($0.key, to: $0.value) } + [
            Departments.draftsOfAdvice, Departments.files, Departments.attributeToStream, Departments.deadlineOnce,
        ])
}

enum Departments {
    static let attribute = "org:group"
    static let deadline = "case:deadline"

    private struct Nothing: Codable {}

    /// The way back knows the old name by the aspect; what this release drafts on another aspect keeps its name.
    static let draftsOfAdvice: Rule = .fold(
        Nothing(), on: Set(Activities.drafts.keys).union([Activities.draft]),
        { event, _ in
            guard let aspect = Activities.drafts[event.type] else { return .keep }
            return try changed(event, type: Activities.draft) { $0[Activities.aspect] = .string(aspect) }
        },
        back: { event, _ in
            let aspect = try Value.parse(event.data)[Activities.aspect]?.string
            guard let old = Activities.drafts.first(where: { $0.value == aspect })?.key else { return .keep }
            return try changed(event, type: old) { $0[Activities.aspect] = nil }
        })

    static let files: Rule = .splitStream(
        by: { event in FileID(caseId: event.aggregateId, department: try department(of: event) ?? "").description },
        back: { FileID($0.aggregateId).caseId })

    static let attributeToStream: Rule = .fold(
        Nothing(),
        { event, _ in
            guard try department(of: event) != nil else { return .keep }
            return try changed(event) { $0[attribute] = nil }
        },
        back: { event, _ in
            let department = FileID(event.aggregateId).department
            return department.isEmpty ? .keep : try changed(event) { $0[attribute] = .string(department) }
        })

    /// The deadline that each file's events had last. An event without one says so with `null`, where an earlier one had it.
    static let deadlineOnce: Rule = .fold(
        [String: Value](),
        { event, known in
            let data = try Value.parse(event.data)
            guard let deadline = data[deadline] else {
                guard known[event.aggregateId] != nil else { return .keep }
                return try changed(event) { $0[Self.deadline] = .null }
            }
            guard known[event.aggregateId] == deadline else {
                known[event.aggregateId] = deadline
                return .keep
            }
            return try changed(event) { $0[Self.deadline] = nil }
        },
        back: { event, known in
            switch try Value.parse(event.data)[deadline] {
            case .null?: return try changed(event) { $0[deadline] = nil }
            case let value?:
                known[event.aggregateId] = value
                return .keep
            case nil:
                guard let value = known[event.aggregateId] else { return .keep }
                return try changed(event) { $0[deadline] = value }
            }
        })

    /// `nil` where the event names none that can be a part of a stream's id.
    private static func department(of event: StoredEvent) throws -> String? {
        guard let name = try Value.parse(event.data)[attribute]?.string, !name.isEmpty, !name.contains("/") else { return nil }
        return name
    }

    private static func changed(
        _ event: StoredEvent, type: String? = nil, _ change: (inout Value) -> Void
    ) throws -> Conversion {
        var data = try Value.parse(event.data)
        change(&data)
        return .replace(ConvertedEvent(type: type ?? event.type, schema: event.schema, data: try StableJSON.encode(data)))
    }
}
