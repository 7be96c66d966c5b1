#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// RFC 3339 in UTC with microseconds, the form of an event's `at`.
public enum Timestamp {
    public static func format(_ date: Date) -> String {
        let total = Int64((date.timeIntervalSince1970 * 1_000_000).rounded())
        let (seconds, micros) = total.quotientAndRemainder(dividingBy: 1_000_000)
        let floor = micros < 0 ? seconds - 1 : seconds
        let fraction = micros < 0 ? micros + 1_000_000 : micros
        let days = floor >= 0 ? floor / 86_400 : (floor - 86_399) / 86_400
        let rest = floor - days * 86_400
        let (year, month, day) = civil(days)
        var text = ""
        text.reserveCapacity(27)
        func add(_ value: Int64, _ width: Int, _ mark: String) {
            let digits = String(value)
            for _ in 0..<max(0, width - digits.utf8.count) { text += "0" }
            text += digits
            text += mark
        }
        add(year, 4, "-")
        add(month, 2, "-")
        add(day, 2, "T")
        add(rest / 3600, 2, ":")
        add(rest / 60 % 60, 2, ":")
        add(rest % 60, 2, ".")
        add(fraction, 6, "Z")
        return text
    }

    /// Reads RFC 3339 and its common variants: `T` or a space between date and time, any count of fractional digits, `Z`, `±hh:mm` or no zone (UTC).
    public static func parse(_ text: String) -> Date? {
        if let date = parseFormatted(text) { return date }
        let pattern =
            /(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?\s*(Z|z|[+-]\d{2}:?\d{2})?/.asciiOnlyDigits()
        guard let match = text.wholeMatch(of: pattern) else { return nil }
        func number(_ part: Substring?) -> Int64 { part.flatMap { Int64($0) } ?? 0 }
        let (year, month, day) = (number(match.1), number(match.2), number(match.3))
        let (hour, minute, second) = (number(match.4), number(match.5), number(match.6))
        guard (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second < 61 else { return nil }
        let days = daysSinceEpoch(year, month, day)
        // A day that its month doesn't have, e.g. February 30, counts on into the next.
        guard civil(days).1 == month else { return nil }
        var seconds = days * 86_400 + hour * 3600 + minute * 60 + second
        if let zone = match.8, zone.uppercased() != "Z" {
            let digits = zone.filter(\.isNumber)
            let (hours, minutes) = (number(digits.prefix(2)[...]), number(digits.suffix(2)[...]))
            guard hours < 24, minutes < 60 else { return nil }
            let offset = hours * 3600 + minutes * 60
            seconds -= zone.hasPrefix("-") ? -offset : offset
        }
        let micros = match.7.flatMap { Double("0." + $0.prefix(6)) }.map { ($0 * 1_000_000).rounded() } ?? 0
        return Date(timeIntervalSince1970: Double(seconds) + micros / 1_000_000)
    }

    /// The form that ``format(_:)`` writes, which is nearly all that is read: a pattern would take some fifty times as long. `nil` for any other.
    private static func parseFormatted(_ text: String) -> Date? {
        var text = text
        return text.withUTF8 { bytes -> Date? in
            let shape = "0000-00-00T00:00:00.000000Z".utf8
            guard bytes.count == shape.count else { return nil }
            var fields: [Int64] = [0]
            for (byte, expected) in zip(bytes, shape) {
                if expected == UInt8(ascii: "0") {
                    guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
                    fields[fields.count - 1] = fields[fields.count - 1] * 10 + Int64(byte - UInt8(ascii: "0"))
                } else {
                    guard byte == expected else { return nil }
                    fields.append(0)
                }
            }
            let days = daysSinceEpoch(fields[0], fields[1], fields[2])
            guard civil(days) == (fields[0], fields[1], fields[2]), fields[3] < 24, fields[4] < 60, fields[5] < 60 else { return nil }
            let seconds = days * 86_400 + fields[3] * 3600 + fields[4] * 60 + fields[5]
            return Date(timeIntervalSince1970: Double(seconds) + Double(fields[6]) / 1_000_000)
        }
    }

    // Days to and from the proleptic Gregorian calendar: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
    private static func civil(_ days: Int64) -> (Int64, Int64, Int64) {
        let z = days + 719_468
        let era = (z >= 0 ? z : z - 146_096) / 146_097
        let doe = z - era * 146_097
        let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365
        let doy = doe - (365 * yoe + yoe / 4 - yoe / 100)
        let mp = (5 * doy + 2) / 153
        let month = mp < 10 ? mp + 3 : mp - 9
        return (yoe + era * 400 + (month <= 2 ? 1 : 0), month, doy - (153 * mp + 2) / 5 + 1)
    }

    private static func daysSinceEpoch(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let y = month <= 2 ? year - 1 : year
        let era = (y >= 0 ? y : y - 399) / 400
        let yoe = y - era * 400
        let doy = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719_468
    }
}
