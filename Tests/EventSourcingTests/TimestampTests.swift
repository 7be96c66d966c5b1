import EventSourcing
import Foundation
import Testing

@Suite struct TimestampTests {
    // Microseconds since 1970 by Python's datetime.
    @Test(arguments: [
        ("2011-10-11 13:45:40.276000+02:00", 1_318_333_540_276_000, "2011-10-11T11:45:40.276000Z"),
        ("2024-02-29T12:00:00+05:30", 1_709_188_200_000_000, "2024-02-29T06:30:00.000000Z"),
        ("1970-01-01T00:00:00Z", 0, "1970-01-01T00:00:00.000000Z"),
        ("1969-12-31T23:59:59.999999Z", -1, "1969-12-31T23:59:59.999999Z"),
        ("1900-02-28T23:30:00-01:00", -2_203_889_400_000_000, "1900-03-01T00:30:00.000000Z"),
        ("2000-02-29T00:00:00Z", 951_782_400_000_000, "2000-02-29T00:00:00.000000Z"),
        ("0001-01-01T00:00:00Z", -62_135_596_800_000_000, "0001-01-01T00:00:00.000000Z"),
        ("9999-12-31T23:59:59Z", 253_402_300_799_000_000, "9999-12-31T23:59:59.000000Z"),
    ])
    func `a time is read and written to the microsecond`(text: String, microseconds: Int, utc: String) throws {
        let date = try #require(Timestamp.parse(text))
        #expect(Int((date.timeIntervalSince1970 * 1_000_000).rounded()) == microseconds)
        #expect(Timestamp.format(date) == utc)
    }

    @Test(arguments: [
        ("2025-11-24", "2025-11-24T00:00:00.000000Z"),
        ("2025-11-24 10:20", "2025-11-24T10:20:00.000000Z"),
        ("2025-11-24T10:20:30", "2025-11-24T10:20:30.000000Z"),
        ("2025-11-24T10:20:30,5z", "2025-11-24T10:20:30.500000Z"),
        ("2025-11-24T10:20:30.123456789Z", "2025-11-24T10:20:30.123456Z"),
        ("2025-11-24T10:20:30 +0130", "2025-11-24T08:50:30.000000Z"),
        ("2025-12-31T23:30:00-01:00", "2026-01-01T00:30:00.000000Z"),
    ])
    func `variants of RFC 3339 are read`(text: String, utc: String) throws {
        #expect(Timestamp.format(try #require(Timestamp.parse(text))) == utc)
    }

    @Test(arguments: [
        "", "now", "2025", "2025-13-01", "2025-00-10", "2025-02-29", "2025-04-31", "2025-11-24T24:00:00Z", "2025-11-24T10:60:00Z",
        "2025-11-24T10:20:30.Z", "2025-11-24T10:20:30.1234567890Z", "2025-11-24T10:20:30+99:00", "2025-11-24T10:20:30Z.",
        " 2025-11-24", "24.11.2025", "٢٠٢٥-١١-٢٤", "2025-11-24T10:20:30+1", "-025-11-24",
    ])
    func `what is no time is not read`(text: String) {
        #expect(Timestamp.parse(text) == nil)
    }

    @Test func `every day of four centuries comes back as it was`() throws {
        var previous = ""
        for day in stride(from: -73_049, through: 73_050, by: 1) {
            let text = Timestamp.format(Date(timeIntervalSince1970: Double(day) * 86_400 + 0.000_001))
            #expect(text > previous)
            previous = text
            if day % 97 == 0 {
                #expect(Timestamp.format(try #require(Timestamp.parse(text))) == text)
            }
        }
    }
}
