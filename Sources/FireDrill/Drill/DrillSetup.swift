import Foundation

/// What all parts of a drill share.
struct DrillSetup: Sendable {
    var seed: UInt64
    var clients: Int
    /// The folder of this project.
    var root: String
    /// The folder of the built products.
    var products: String
    /// A folder for logs; kept where something was found.
    var logs: URL
    var tally: Tally
    var story: DrillStory

    /// The sources of a release, as a folder for `immutable deploy`.
    func stack(_ name: String) -> String { "\(root)/stacks/\(name)" }

    /// The sources of `orders-v2` for when it is live: what is deployed over it has the new schema already, so nothing is to be transformed.
    func settledStack() throws -> String {
        let folder = logs.appending(path: "orders-v2")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let manifest = try String(contentsOfFile: stack("orders-v2") + "/Stack.swift", encoding: .utf8)
        let lines = manifest.split(separator: "\n", omittingEmptySubsequences: false).filter { !$0.contains("transform:") }
        try lines.joined(separator: "\n").write(to: folder.appending(path: "Stack.swift"), atomically: true, encoding: .utf8)
        return folder.path(percentEncoded: false)
    }
}

/// How much is asked of two cores.
enum DrillPace {
    /// A local cloud grows slow with what it holds, so a new one is taken after this many cycles.
    static let cyclesPerCloud = 5
    /// On how many shards more is written around a handover.
    static let watchedShards = 2
    /// Between two requests of a client: longer where the machine has more to do than it can, since all of AWS runs on it as well.
    static var thinking: Duration {
        let usual = 600.0
        var load = [0.0]
        guard getloadavg(&load, 1) == 1 else { return .milliseconds(usual) }
        let share = load[0] / Double(ProcessInfo.processInfo.activeProcessorCount)
        return .milliseconds(usual * min(8, max(1, share / 2)))
    }
    /// How long clients go on after a handover.
    static let afterHandover: Duration = .seconds(2)
}

/// Tells a person what happens, on stderr.
struct DrillStory: Sendable {
    private let start = ContinuousClock.now

    func say(_ text: String) {
        let seconds = Int((ContinuousClock.now - start) / .seconds(1))
        let clock = "[\(String(repeating: " ", count: max(0, 5 - "\(seconds)".count)))\(seconds) s] "
        let line = clock + text.split(separator: "\n").joined(separator: "\n" + String(repeating: " ", count: clock.count)) + "\n"
        FileHandle.standardError.write(Data(line.utf8))
    }
}
