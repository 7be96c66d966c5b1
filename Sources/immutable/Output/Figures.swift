import Foundation

/// How figures are written, the same everywhere and in every locale.
enum Figures {
    /// `8,577`
    static func count(_ number: Int) -> String {
        let digits = String(number.magnitude)
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { text.append(",") }
            text.append(digit)
        }
        return number < 0 ? "-" + text : text
    }

    /// `1 event`, `8,577 events`
    static func count(_ number: Int, _ noun: String) -> String { "\(count(number)) \(noun)\(number == 1 ? "" : "s")" }

    /// `0.4 s`, `12.0 s`, `3 min 05 s`
    static func seconds(_ seconds: Double) -> String {
        if seconds < 60 { return String(format: "%.1f s", seconds) }
        return String(format: "%d min %02d s", Int(seconds) / 60, Int(seconds) % 60)
    }

    /// `212 ms`, `4.6 ms`
    static func milliseconds(_ milliseconds: Double) -> String { String(format: milliseconds < 10 ? "%.1f ms" : "%.0f ms", milliseconds) }

    /// `13.9 MB` of 1,000,000 bytes, as Lambda's limits are given.
    static func megabytes(_ bytes: Int) -> String { String(format: "%.1f MB", Double(bytes) / 1_000_000) }

    /// Rounded down, so that `100 %` means all.
    static func percent(_ share: Double) -> String { "\(Int(share * 100)) %" }

    /// `2026-03-02 12:00:07` of an RFC 3339 time; anything else as it is.
    static func time(_ text: String) -> String {
        guard text.count >= 19, text.dropFirst(10).first == "T" else { return text }
        return "\(text.prefix(10)) \(text.dropFirst(11).prefix(8))"
    }
}
