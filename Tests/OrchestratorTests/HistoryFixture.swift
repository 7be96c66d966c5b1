import EventSourcing
import Foundation
import Testing

@testable import Orchestrator

/// Reads text, or bytes, as a history file.
struct HistoryFixture {
    let folder: TemporaryFolder
    let path: String

    init(_ text: String, name: String = "log.csv") throws { try self.init(bytes: Array(text.utf8), name: name) }

    init(bytes: [UInt8], name: String = "log.csv") throws {
        folder = try TemporaryFolder()
        path = try folder.write(name, bytes)
    }

    static let fields = HistoryFields(aggregate: "case", type: "what", time: "when")

    func file(_ fields: HistoryFields = fields) throws -> HistoryFile { try HistoryFile(path: path, fields: fields) }

    func lines() throws -> [HistoryLine] { try Self.lines(of: file()) }

    static func lines(of file: HistoryFile) throws -> [HistoryLine] {
        var reader = try file.reader()
        var lines: [HistoryLine] = []
        while let line = try reader.next() { lines.append(line) }
        return lines
    }

    func failure(_ fields: HistoryFields = fields) throws -> HistoryError { try #require(throws: HistoryError.self) { try file(fields) } }

    /// The only record's reason and line where it was refused.
    func refusal() throws -> String? {
        let lines = try lines()
        guard lines.count == 1, case .refused(let line, let reason) = lines[0] else { return nil }
        return "\(line): \(reason)"
    }
}

extension HistoryLine {
    static func event(_ line: Int, _ aggregateId: String, _ type: String, _ at: String, _ data: String) -> HistoryLine {
        .event(HistoryEvent(line: line, aggregateId: aggregateId, type: type, at: at, data: data))
    }
}
