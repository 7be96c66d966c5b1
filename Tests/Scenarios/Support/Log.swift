import AWS
import Foundation

/// An event log in a CSV file, with the columns that process mining tools give it (XES).
struct Log: Sendable {
    static let columns = ["case:concept:name", "concept:name", "time:timestamp"]

    var path: String

    /// What the tool is told of it.
    var options: [String] { ["--history", path, "--aggregate", Self.columns[0], "--type", Self.columns[1], "--time", Self.columns[2]] }

    /// What it holds, by a program that shares nothing with what imports it.
    struct Figures: Decodable {
        struct Case: Decodable, Equatable {
            var current: String
            var count: Int
            var counts: [String: Int]
            var microseconds: Int64
        }

        var events: Int
        var backwards: Int
        var bad: [Int]
        var cases: [String: Case]
    }

    func figures(_ cloud: Cloud) async throws -> Figures {
        let end = try await Child.start(
            cloud.instance.python, ["-I", "-B", Products.figures, path] + Self.columns, environment: Cloud.plainEnvironment,
            scratch: cloud.scratch
        ).end()
        guard end.status == 0 else { throw NoFigures(end: end) }
        return try JSONDecoder().decode(Figures.self, from: Data(end.output.utf8))
    }

    /// About 300 events of 40 cases side by side. Names are of many scripts, with all that CSV has to quote; each seventh time is before that of
    /// the event before it; three lines are bad.
    static func generated(in scratch: URL, seed: UInt64) throws -> Log {
        var random = Seeded(seed)
        let names = ["case", "zaak-é", "дело", "案件", "قضية", "🏗️ site", "a,b", "say \"hi\"", "é à la carte", "50% + 1 ?&#"]
        let cases = (0..<40).map { "\(names[$0 % names.count])-\($0)" }
        let activities = [
            "Confirmation of receipt", "T02 Check confirmation of receipt", "T05 Print and send confirmation of receipt",
            "T06 Determine necessity of stop advice", "T10 Détermine — 必要",
        ]
        var lines = [(["case:channel", "case:department"] + columns).joined(separator: ",")]
        var seconds = 1_318_333_540
        for number in 0..<300 {
            let id = number < cases.count ? cases[number] : cases[Int.random(in: 0..<cases.count, using: &random)]
            seconds += number % 7 == 3 ? -86_400 : Int.random(in: 1...40_000, using: &random)
            let time = Date(timeIntervalSince1970: TimeInterval(seconds)).formatted(.iso8601.dateTimeSeparator(.space))
            let at = time.replacing("Z", with: ".\(Int.random(in: 100_000...999_999, using: &random))+00:00")
            let activity = activities[Int.random(in: 0..<activities.count, using: &random)]
            lines.append(["Internet", "a \"quoted\"\nsecond line", id, activity, at].map(quoted).joined(separator: ","))
            if number == 100 { lines.append("Desk,General,\(cases[0])") }
            if number == 150 { lines.append("Desk,General,e\u{301},Confirmation of receipt,\(at)") }
            if number == 200 { lines.append("Desk,General,case-0,Confirmation of receipt,the day before yesterday") }
        }
        let file = scratch.appending(path: "log.csv")
        try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: file)
        return Log(path: Products.path(file))
    }

    private static func quoted(_ field: String) -> String {
        let isPlain = !field.contains { ",\"\n".contains($0) }
        return isPlain ? field : "\"" + field.replacing("\"", with: "\"\"") + "\""
    }
}

struct NoFigures: Error, CustomStringConvertible {
    var end: Child.End

    var description: String { "the figures could not be made: \(end)" }
}

extension Log.Figures.Case {
    /// What a document of the read model `cases` says.
    init?(_ item: Item) {
        guard let current = item["currentActivity"]?.string, let count = item["activities"]?.int,
            let counts = item["activityCounts"]?.map?.compactMapValues(\.int),
            let seconds = item["elapsedSeconds"]?.number.flatMap({ Decimal(string: $0) })
        else { return nil }
        let microseconds = NSDecimalNumber(decimal: seconds * 1_000_000).int64Value
        self.init(current: current, count: count, counts: counts, microseconds: microseconds)
    }
}
