import ArgumentParser

/// A command of the tool, as the drill uses it.
enum ToolCommand: String, Sendable, Codable, CaseIterable, ExpressibleByArgument {
    case deploy, cutover, rollback, abort, retire

    /// About how many AWS calls it makes when nothing goes wrong and some hundred events are there; kills are aimed by it.
    var usualCalls: Int {
        switch self {
        case .deploy: 480
        case .cutover, .rollback: 360
        case .abort: 350
        case .retire: 320
        }
    }

    /// - Parameter waives: whether a handover goes on although a consumer has just failed or an effect is in doubt, as a person in a hurry would.
    func arguments(folder: String, products: String, waives: Bool) -> [String] {
        switch self {
        case .deploy: ["deploy", folder, "--products", products]
        case .cutover, .rollback:
            [rawValue, DrillCloud.stack, "--yes"] + (waives ? ["--waive", "mappings", "--waive", "effects"] : [])
        case .retire: [rawValue, DrillCloud.stack, "--yes"]
        case .abort: ["abort", DrillCloud.stack]
        }
    }

    /// Whether what it is run for has come about.
    /// - Parameters:
    ///   - before, now: the states of the releases.
    func isDone(before: [String: String], now: [String: String]) -> Bool {
        func names(_ state: String, _ states: [String: String]) -> Set<String> { Set(states.filter { $0.value == state }.keys) }
        switch self {
        case .deploy: return !names("ready", now).isEmpty || (names("live", before).isEmpty && !names("live", now).isEmpty)
        case .cutover, .rollback: return names("live", now) != names("live", before)
        case .abort: return !names("aborted", now).subtracting(names("aborted", before)).isEmpty
        case .retire: return !names("retired", now).subtracting(names("retired", before)).isEmpty
        }
    }
}
