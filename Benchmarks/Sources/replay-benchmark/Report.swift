import Foundation

/// The figures of a contest: medians over its rounds.
struct Report {
    let results: Contest.Results

    init(_ results: Contest.Results) { self.results = results }

    static func line(_ copier: Copier, _ measured: Measurement) -> String {
        let (cpu, peak) = (rounded(measured.cpuSecondsPerMillionEvents, 1), rounded(measured.peakMegabytes, 1))
        return "\(copier.title): \(Int(measured.eventsPerSecond)) events/s, \(cpu) s of CPU a million, \(peak) MB"
    }

    var table: String {
        let proof = results.isProven ? "the copies are proven" : "not proven"
        var lines = [
            "\(results.events) events, \(results.store), medians of \(results.rounds) rounds; \(proof)",
            "",
            "| copier | events/s | of the limit | against boto3 | CPU s per million events | peak MB | requests |",
            "|---|---|---|---|---|---|---|",
        ]
        for copier in Copier.allCases {
            guard let figures = figures(copier) else { continue }
            let cells = [
                copier == .limit ? "\(copier.title), \(results.connections) connections" : copier.title,
                "\(Int(figures.eventsPerSecond))", share(copier, of: .limit), times(copier, .boto3),
                rounded(figures.cpuSecondsPerMillionEvents, 1), rounded(figures.peakMegabytes, 1), "\(figures.requests)",
            ]
            lines.append("| " + cells.joined(separator: " | ") + " |")
        }
        return lines.joined(separator: "\n")
    }

    var json: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            var document: [String: Entry] = [
                "events": .number(Double(results.events)), "rounds": .number(Double(results.rounds)), "proven": .flag(results.isProven),
            ]
            for copier in Copier.allCases { if let figures = figures(copier) { document[copier.rawValue] = .figures(figures) } }
            return String(decoding: try encoder.encode(document), as: UTF8.self)
        }
    }

    struct Figures: Codable {
        var eventsPerSecond: Double
        var cpuSecondsPerMillionEvents: Double
        var peakMegabytes: Double
        var requests: Int
        var seconds: Double
        var connections: Int?
    }

    private enum Entry: Encodable {
        case number(Double)
        case flag(Bool)
        case figures(Figures)

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch self {
            case .number(let number): try container.encode(number)
            case .flag(let flag): try container.encode(flag)
            case .figures(let figures): try container.encode(figures)
            }
        }
    }

    private func figures(_ copier: Copier) -> Figures? {
        guard let all = results.measurements[copier], !all.isEmpty else { return nil }
        return Figures(
            eventsPerSecond: Self.median(all.map(\.eventsPerSecond)),
            cpuSecondsPerMillionEvents: Self.median(all.map(\.cpuSecondsPerMillionEvents)),
            peakMegabytes: Self.median(all.map(\.peakMegabytes)), requests: Int(Self.median(all.map { Double($0.requests) })),
            seconds: Self.median(all.map(\.report.seconds)), connections: copier == .limit ? results.connections : nil)
    }

    static func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        let middle = sorted.count / 2
        return sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
    }

    private func ratio(_ copier: Copier, _ other: Copier) -> Double? {
        guard copier != other, let one = figures(copier), let reference = figures(other) else { return nil }
        return one.eventsPerSecond / reference.eventsPerSecond
    }

    private func share(_ copier: Copier, of other: Copier) -> String {
        ratio(copier, other).map { "\(Int(($0 * 100).rounded())) %" } ?? "–"
    }
    private func times(_ copier: Copier, _ other: Copier) -> String { ratio(copier, other).map { "\(Self.rounded($0, 2)) ×" } ?? "–" }
    private func rounded(_ value: Double, _ digits: Int) -> String { Self.rounded(value, digits) }
    static func rounded(_ value: Double, _ digits: Int) -> String { String(format: "%.\(digits)f", value) }
}
