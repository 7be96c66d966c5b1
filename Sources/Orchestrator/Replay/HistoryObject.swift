import AWS

/// Reads one line of JSON Lines. Stricter than the reader of AWS's answers: what it would let pass and change is refused.
enum HistoryObject {
    struct Fault: Error {
        var reason: String
    }

    static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D }

    static func parse(_ line: [UInt8]) -> Result<[String: JSON], Fault> {
        guard line.count <= HistoryObjects.lineLimit else {
            return .failure(Fault(reason: "it is longer than \(HistoryObjects.lineLimit) bytes"))
        }
        guard String(validating: line, as: UTF8.self) != nil else { return .failure(Fault(reason: "it is not UTF-8")) }
        do {
            let value = try JSON(parsing: line)
            guard case .object(let members) = value else { return .failure(Fault(reason: "it is no JSON object")) }
            var count = 0
            try check(value, &count)
            guard count == colons(in: line) else { return .failure(Fault(reason: "an object in it has a field twice")) }
            return .success(members)
        } catch let fault as Fault {
            return .failure(fault)
        } catch {
            return .failure(Fault(reason: "it is no JSON: \(error)"))
        }
    }

    /// Counts the members of all objects, and refuses numbers that JSON doesn't have (`01`, `1.`, `-.5`).
    private static func check(_ value: JSON, _ members: inout Int) throws {
        switch value {
        case .null, .bool, .string: return
        case .number(let text): if !isNumber(text) { throw Fault(reason: "it is no JSON: '\(text.prefix(40))' is no number") }
        case .array(let elements): for element in elements { try check(element, &members) }
        case .object(let fields):
            members += fields.count
            for field in fields.values { try check(field, &members) }
        }
    }

    /// RFC 8259, section 6.
    private static func isNumber(_ text: String) -> Bool {
        var rest = text.utf8[...]
        func digits() -> Int {
            let digits = rest.prefix { (48...57).contains($0) }
            rest = rest.dropFirst(digits.count)
            return digits.count
        }
        func skip(_ bytes: UInt8...) -> Bool {
            guard let first = rest.first, bytes.contains(first) else { return false }
            rest = rest.dropFirst()
            return true
        }
        _ = skip(UInt8(ascii: "-"))
        let startsWithZero = rest.first == UInt8(ascii: "0")
        let whole = digits()
        guard whole > 0, whole == 1 || !startsWithZero else { return false }
        if skip(UInt8(ascii: ".")), digits() == 0 { return false }
        if skip(UInt8(ascii: "e"), UInt8(ascii: "E")) {
            _ = skip(UInt8(ascii: "+"), UInt8(ascii: "-"))
            if digits() == 0 { return false }
        }
        return rest.isEmpty
    }

    /// Outside of strings: one for each member, also for those that a later one of the same name replaces.
    private static func colons(in line: [UInt8]) -> Int {
        var colons = 0
        var inString = false
        var escaped = false
        for byte in line {
            if escaped {
                escaped = false
            } else if byte == UInt8(ascii: "\"") {
                inString.toggle()
            } else if inString {
                escaped = byte == UInt8(ascii: "\\")
            } else if byte == UInt8(ascii: ":") {
                colons += 1
            }
        }
        return colons
    }
}
