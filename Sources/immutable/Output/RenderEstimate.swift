import Foundation
import Orchestrator

extension ReplayEstimate {
    /// A row for each way, and what they rest on.
    var lines: [String] {
        Columns.lines(
            options.map { [$0.way.rawValue, $0.seconds.map(Self.duration) ?? "?", Self.dollars($0.dollars), $0.remark] }
        ) + ["on-demand list prices of \(region), \(date); \(basis); rates of workers are assumed"]
    }

    private var basis: String {
        "\(Self.size(bytes)) in \(Figures.count(streams, "stream"))\(isMeasured ? "" : " (assumed)")"
    }

    /// `< 1 min`, `5 min`, `2 h 10 min`, `3 days 4 h`: rounded up, as figures that rest on assumptions.
    static func duration(_ seconds: Double) -> String {
        let minutes = Int((seconds / 60).rounded(.up))
        if seconds < 60 { return "< 1 min" }
        if minutes < 60 { return "\(minutes) min" }
        if minutes < 48 * 60 { return "\(minutes / 60) h \(minutes % 60) min" }
        let hours = (minutes + 59) / 60
        return "\(hours / 24) days \(hours % 24) h"
    }

    /// `< $0.01`, `$0.98`, `$1,002`
    static func dollars(_ dollars: Double) -> String {
        if dollars < 0.01 { return "< $0.01" }
        return dollars < 100 ? String(format: "$%.2f", dollars) : "$" + Figures.count(Int(dollars.rounded()))
    }

    /// `108 kB`, `600 MB`, `1.2 TB`
    static func size(_ bytes: Int) -> String {
        for (unit, name) in [(1e12, "TB"), (1e9, "GB"), (1e6, "MB")] where Double(bytes) >= unit {
            let number = Double(bytes) / unit
            return String(format: number < 10 ? "%.1f \(name)" : "%.0f \(name)", number)
        }
        return "\(Figures.count((bytes + 999) / 1_000)) kB"
    }
}

extension ReplayEstimate.Option {
    var remark: String {
        switch way {
        case .direct: "\(workers) workers; the command stays"
        case .stepFunctions: "\(workers) workers; goes on without the command"
        case .exportImport: "through S3: no engine of this version, and AWS tells no duration"
        }
    }
}
