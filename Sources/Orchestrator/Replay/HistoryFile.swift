import EventSourcing
import Crypto
import Foundation

/// An existing log of events, from which a stack's first release can start: CSV with a header (RFC 4180), or JSON Lines.
/// It is read a block at a time, however large it is. The file's order is the order of each stream's versions.
public struct HistoryFile: Sendable {
    public enum Format: String, Sendable {
        case csv, jsonLines
    }

    public let path: String
    public let fields: HistoryFields
    /// By the name's extension (csv, jsonl, ndjson), else by the first character, which is `{` in JSON Lines.
    public let format: Format
    private let stamp: HistoryStamp

    /// Checks that the file can be read, has records, and has the named fields: as columns of the header, or in an object
    /// among the first hundred lines.
    /// - Throws: ``HistoryError``
    public init(path: String, fields: HistoryFields) throws {
        for name in fields.all where fields.all.filter({ $0 == name }).count > 1 { throw HistoryError.fieldUsedTwice(name) }
        stamp = try HistoryStamp(path: path)
        self.path = path
        self.fields = fields
        format = try Self.format(of: path)
        if format == .jsonLines {
            var sample = HistoryObjects(try HistoryBytes(path: path), fields)
            if let names = try sample.names(among: 100) {
                let missing = fields.all.filter { !names.contains($0) }
                guard missing.isEmpty else {
                    throw HistoryError.missingFields(path: path, missing: missing, found: names.sorted())
                }
            }
        }
        var first = try self.reader()
        guard try first.next() != nil else { throw HistoryError.empty(path: path) }
    }

    /// SHA-256 of the file, lower-case hexadecimal.
    /// - Throws: ``HistoryError``, `CancellationError`
    public func digest() async throws -> String {
        var hash = SHA256()
        do {
            let handle = try FileHandle(forReadingFrom: URL(filePath: path))
            while let block = try handle.read(upToCount: 1 << 20), !block.isEmpty {
                hash.update(data: block)
                try Task.checkCancellation()
                await Task.yield()
            }
        } catch let error as CancellationError {
            throw error
        } catch {
            throw HistoryError.unreadable(path: path, reason: error.localizedDescription)
        }
        try stamp.check()
        return hash.finalize().hexadecimal
    }

    /// Reads the file from its beginning.
    /// - Throws: ``HistoryError``
    public func reader() throws -> HistoryReader {
        let bytes = try HistoryBytes(path: path)
        return switch format {
        case .csv: HistoryReader(records: try HistoryColumns(bytes, fields), stamp: stamp)
        case .jsonLines: HistoryReader(records: HistoryObjects(bytes, fields), stamp: stamp)
        }
    }

    private static func format(of path: String) throws -> Format {
        switch URL(filePath: path).pathExtension.lowercased() {
        case "csv": return .csv
        case "jsonl", "ndjson": return .jsonLines
        default:
            var bytes = try HistoryBytes(path: path)
            while let byte = try bytes.byte() {
                if !HistoryObject.isSpace(byte) { return byte == UInt8(ascii: "{") ? .jsonLines : .csv }
            }
            throw HistoryError.empty(path: path)
        }
    }
}

/// Reads a history file's records, one after the other.
public struct HistoryReader {
    private var records: any HistoryRecords
    private let stamp: HistoryStamp

    init(records: any HistoryRecords, stamp: HistoryStamp) {
        self.records = records
        self.stamp = stamp
    }

    /// Bytes of the file that were read so far, and how many it has: for progress.
    public var bytesRead: Int { records.bytesRead }
    public var bytesInAll: Int { stamp.size }

    /// Nil at the end of the file.
    /// - Throws: ``HistoryError``, also where the file was changed since it was first looked at.
    public mutating func next() throws -> HistoryLine? {
        if let line = try records.next() { return line }
        try stamp.check()
        return nil
    }
}

/// A regular file's size and time of change: a log that still grows would be imported in part.
struct HistoryStamp: Sendable {
    let path: String
    let size: Int
    private let modified: Date

    init(path: String) throws(HistoryError) {
        let target = URL(filePath: path).resolvingSymlinksInPath().path(percentEncoded: false)
        let attributes: [FileAttributeKey: Any]
        do {
            attributes = try FileManager.default.attributesOfItem(atPath: target)
        } catch {
            throw .unreadable(path: path, reason: "there is no such file")
        }
        guard attributes[.type] as? FileAttributeType == .typeRegular, let size = attributes[.size] as? NSNumber,
            let modified = attributes[.modificationDate] as? Date
        else { throw .unreadable(path: path, reason: "it is no regular file, and it has to be read more than once") }
        self.path = path
        self.size = size.intValue
        self.modified = modified
    }

    func check() throws(HistoryError) {
        let now = try HistoryStamp(path: path)
        guard now.size == size, now.modified == modified else { throw .changed(path: path) }
    }
}
