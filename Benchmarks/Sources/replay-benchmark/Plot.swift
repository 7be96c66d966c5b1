import Foundation

/// Each copier's rate over time, in the round of its median rate, as a drawing.
struct Plot {
    private let lines: [(title: String, colour: String, points: [(second: Double, rate: Double)])]
    private let events: Int

    private static let colours: [Copier: String] = [.replay: "#1f6feb", .transform: "#8250df", .boto3: "#bf8700", .limit: "#57606a"]
    private static let width = 860.0, height = 420.0, left = 70.0, right = 20.0, top = 50.0, bottom = 50.0

    init(_ results: Contest.Results) {
        events = results.events
        lines = Copier.allCases.compactMap { copier in
            let sorted = (results.measurements[copier] ?? []).sorted { $0.eventsPerSecond < $1.eventsPerSecond }
            guard !sorted.isEmpty else { return nil }
            let report = sorted[sorted.count / 2].report
            return (copier.title, Self.colours[copier] ?? "black", Self.rates(report))
        }
    }

    /// The mean rate of each fortieth of the time.
    private static func rates(_ report: SelfReport) -> [(second: Double, rate: Double)] {
        let step = max(report.seconds / 40, 0.001)
        var points: [(second: Double, rate: Double)] = []
        var (from, before) = (0.0, 0.0)
        for sample in report.timeline where sample.count == 2 && (sample[0] - from >= step || sample[0] >= report.seconds) {
            if sample[0] > from { points.append(((from + sample[0]) / 2, (sample[1] - before) / (sample[0] - from))) }
            (from, before) = (sample[0], sample[1])
        }
        return points
    }

    var svg: String {
        let seconds = max(1, lines.flatMap(\.points).map(\.second).max() ?? 1)
        let most = max(1, lines.flatMap(\.points).map(\.rate).max() ?? 1)
        func x(_ second: Double) -> Double { Self.left + second / seconds * (Self.width - Self.left - Self.right) }
        func y(_ rate: Double) -> Double { Self.height - Self.bottom - rate / most * (Self.height - Self.top - Self.bottom) }
        func text(_ x: Double, _ y: Double, _ anchor: String, _ content: String, _ colour: String = "#24292f") -> String {
            #"<text x="\#(short(x))" y="\#(short(y))" text-anchor="\#(anchor)" fill="\#(colour)">\#(content)</text>"#
        }
        var parts = [
            #"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \#(Int(Self.width)) \#(Int(Self.height))" font-family="sans-serif" font-size="13">"#,
            #"<rect width="100%" height="100%" fill="white"/>"#,
            text(Self.left, 24, "start", "events copied per second, over time; \(events) events"),
        ]
        for step in 0...4 {
            let rate = most * Double(step) / 4
            parts.append(
                ##"<line x1="\##(short(Self.left))" y1="\##(short(y(rate)))" x2="\##(short(Self.width - Self.right))" y2="\##(short(y(rate)))" stroke="#d0d7de"/>"##
            )
            parts.append(text(Self.left - 8, y(rate) + 4, "end", "\(Int(rate.rounded()))"))
            let second = seconds * Double(step) / 4
            parts.append(text(x(second), Self.height - Self.bottom + 20, "middle", "\(Int(second.rounded())) s"))
        }
        for (index, line) in lines.enumerated() {
            let points = line.points.map { "\(short(x($0.second))),\(short(y($0.rate)))" }.joined(separator: " ")
            parts.append(#"<polyline fill="none" stroke="\#(line.colour)" stroke-width="2" points="\#(points)"/>"#)
            parts.append(text(Self.left + Double(index) * 190, Self.height - 8, "start", line.title, line.colour))
        }
        return (parts + ["</svg>", ""]).joined(separator: "\n")
    }

    private func short(_ value: Double) -> String { String(format: "%.1f", value) }
}
