/// The records of a CSV file (RFC 4180): lines end with LF or CRLF, a quoted field may hold line ends and doubled quotes.
struct HistoryCSV {
    struct Record {
        /// The line of its first character, from 1.
        var line: Int
        var fields: [[UInt8]]
        /// Why it is no record; `fields` are then of no use.
        var fault: String?
    }

    /// In bytes of its fields. An event is refused at a third of it: its data has each field's text.
    static let recordLimit = 1 << 20

    private var bytes: HistoryBytes
    private var line = 1
    var bytesRead: Int { bytes.count }

    init(_ bytes: HistoryBytes) { self.bytes = bytes }

    /// Nil at the end of the file. Empty lines are passed over.
    mutating func next() throws(HistoryError) -> Record? {
        while let byte = try bytes.peek() {
            var fault: String?
            if byte == .cr {
                _ = try bytes.byte()
                guard let after = try bytes.peek() else { return nil }
                if after != .lf { fault = Self.loneReturn }
            }
            guard fault == nil, try bytes.peek() == .lf else { return try record(fault) }
            _ = try bytes.byte()
            line += 1
        }
        return nil
    }

    private mutating func record(_ fault: String?) throws(HistoryError) -> Record {
        var record = Record(line: line, fields: [], fault: fault)
        var room = Self.recordLimit
        var isLast = false
        while !isLast {
            var field: [UInt8] = []
            if try bytes.peek() == .quote { try quoted(&field, room, &record.fault) }
            isLast = try plain(&field, room, &record.fault)
            room -= field.count + 1
            if room > 0 { record.fields.append(field) }
        }
        if room <= 0 { record.fault = record.fault ?? "it is larger than \(Self.recordLimit) bytes" }
        return record
    }

    /// A field in quotes, up to what follows its closing quote.
    private mutating func quoted(_ field: inout [UInt8], _ room: Int, _ fault: inout String?) throws(HistoryError) {
        let opened = line
        _ = try bytes.byte()
        while true {
            try bytes.append(until: { $0 == .quote || $0 == .lf }, to: &field, limit: room)
            switch try bytes.byte() {
            case nil:
                let swallowed = line > opened ? "; the lines up to \(line) are inside of it" : ""
                fault = fault ?? "a quote that opens on line \(opened) is never closed\(swallowed)"
                return
            case .lf:
                line += 1
                if field.count < room { field.append(.lf) }
            default:
                guard try bytes.peek() == .quote else {
                    if let after = try bytes.peek(), after != .comma, after != .lf, after != .cr {
                        fault = fault ?? "something follows a closing quote"
                    }
                    return
                }
                _ = try bytes.byte()
                if field.count < room { field.append(.quote) }
            }
        }
    }

    /// What is left of a field, with the comma or the line end after it.
    /// - Returns: whether it was the record's last field.
    private mutating func plain(_ field: inout [UInt8], _ room: Int, _ fault: inout String?) throws(HistoryError) -> Bool {
        while true {
            let special = { (byte: UInt8) in byte == .comma || byte == .lf || byte == .cr || byte == .quote }
            try bytes.append(until: special, to: &field, limit: room)
            switch try bytes.byte() {
            case nil: return true
            case .comma: return false
            case .lf:
                line += 1
                return true
            case .cr:
                guard let after = try bytes.peek() else { return true }
                if after != .lf { fault = fault ?? Self.loneReturn }
            default: fault = fault ?? "a quote stands inside of a field that doesn't begin with one"
            }
        }
    }

    private static let loneReturn = "a carriage return stands without a line feed"
}

extension UInt8 {
    fileprivate static let lf = UInt8(ascii: "\n")
    fileprivate static let cr = UInt8(ascii: "\r")
    fileprivate static let quote = UInt8(ascii: "\"")
    fileprivate static let comma = UInt8(ascii: ",")
}
