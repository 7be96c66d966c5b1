import EventSourcing

/// A CSV file as events: its first record names the columns, each other record has as many fields.
struct HistoryColumns: HistoryRecords {
    private let fields: HistoryFields
    private let names: [String]
    private let aggregate: Int
    private let type: Int
    private let time: Int
    private var records: HistoryCSV

    var bytesRead: Int { records.bytesRead }

    /// Reads the header.
    init(_ bytes: HistoryBytes, _ fields: HistoryFields) throws(HistoryError) {
        let path = bytes.path
        var records = HistoryCSV(bytes)
        guard let header = try records.next() else { throw .empty(path: path) }
        if let fault = header.fault { throw .badHeader(path: path, reason: fault) }
        var names: [String] = []
        for field in header.fields {
            guard let name = String(validating: field, as: UTF8.self) else { throw .notUTF8(path: path, what: "the header") }
            guard !names.contains(name) else { throw .badHeader(path: path, reason: "two columns are named '\(name)'") }
            names.append(name)
        }
        guard let aggregate = names.firstIndex(of: fields.aggregate), let type = names.firstIndex(of: fields.type),
            let time = names.firstIndex(of: fields.time)
        else {
            throw .missingFields(path: path, missing: fields.all.filter { !names.contains($0) }, found: names)
        }
        self.fields = fields
        self.names = names
        self.aggregate = aggregate
        self.type = type
        self.time = time
        self.records = records
    }

    mutating func next() throws(HistoryError) -> HistoryLine? {
        guard let record = try records.next() else { return nil }
        func refused(_ reason: String) -> HistoryLine { .refused(line: record.line, reason: reason) }
        if let fault = record.fault { return refused(fault) }
        guard record.fields.count == names.count else {
            return refused("it has \(record.fields.count) fields; the header has \(names.count)")
        }
        var texts: [String] = []
        for (name, field) in zip(names, record.fields) {
            guard let text = String(validating: field, as: UTF8.self) else { return refused("its '\(name)' is not UTF-8") }
            texts.append(text)
        }
        var data: [String: String] = [:]
        for index in names.indices where ![aggregate, type, time].contains(index) { data[names[index]] = texts[index] }
        do {
            return .of(
                line: record.line, aggregateId: texts[aggregate], type: texts[type], time: texts[time],
                data: try StableJSON.encode(data), fields: fields)
        } catch {
            return refused("its data can't be written as JSON: \(error)")
        }
    }
}
