import Foundation
import Synchronization

/// Runs a command of the tool through the proxy, kills it where the plan says, and runs it again until it ends.
final class ToolRunner: Sendable {
    let cloud: DrillCloud
    let setup: DrillSetup
    let plan: FaultPlan?
    private let numbers: RunNumbers
    private let person: Person

    /// From this attempt on nothing goes wrong any more: what can't end then never will.
    static let calmFrom = 8
    static let attempts = 12
    /// For one process.
    static let limit: Duration = .seconds(240)
    /// How long guardrails may refuse, or a lock be held.
    static let patience: Duration = .seconds(180)

    init(cloud: DrillCloud, setup: DrillSetup, plan: FaultPlan?, numbers: RunNumbers, person: Person) {
        self.cloud = cloud
        self.setup = setup
        self.plan = plan
        self.numbers = numbers
        self.person = person
    }

    /// What can be seen of a run while it goes on.
    enum Sign: Sendable {
        /// A line on stderr.
        case line(String)
        /// It failed, and will be run again.
        case ended
    }

    /// One process of the tool.
    struct Attempt: Sendable {
        var run: Int
        var status: Int32
        var calls: [ProxyRun.Call]
        var killed: (call: ProxyRun.Call, moment: Kill.Moment, step: String)?
        /// Its last words, without the steps that it told.
        var error: String
    }

    /// - Parameters:
    ///   - kills: of the first attempts; nil: as the plan says.
    ///   - watch: is told of each line that the tool writes on stderr as it comes, and of each end but the last.
    /// - Throws: ``Finding``
    func run(
        _ command: ToolCommand, folder: String = "", kills: [Kill]? = nil, watch: @escaping @Sendable (Sign) async -> Void = { _ in }
    ) async throws -> [Attempt] {
        let before = try await cloud.releases()
        var refusedSince: ContinuousClock.Instant?
        setup.tally.needs(command)
        defer { cloud.functionRun.calm(false) }
        var attempts: [Attempt] = []
        var refusals = 0
        while true {
            let number = attempts.count - refusals + 1
            let isCalm = number >= Self.calmFrom
            cloud.functionRun.calm(isCalm)
            let run = numbers.next()
            let kill =
                kills.map { number <= $0.count ? $0[number - 1] : nil }
                ?? (isCalm ? nil : plan?.kill(run: run, attempt: number, calls: command.usualCalls))
            if plan != nil, kills == nil {
                setup.tally.plans(.init(run: run, command: command.rawValue, attempt: number, kill: kill))
            }
            let attempt = try await self.attempt(
                command, folder, waives: refusals > 1, run: run, kill: kill, plan: isCalm ? nil : plan, watch)
            attempts.append(attempt)
            setup.tally.count(command, attempt)
            let end = attempt.status
            if end == 0 { return attempts }
            await watch(.ended)
            if attempt.killed != nil, end == 128 + SIGKILL { continue }
            let isDone = command.isDone(before: before, now: try await cloud.releases())
            if end == 1, isDone, Self.saysNothingToDo(attempt.error) { return attempts }
            let words = "`immutable \(command.rawValue)` (run \(run)) ended with \(end): \(attempt.error)"
            switch end {
            case 1, 4, 7:
                refusedSince = nil
                setup.story.say("run \(run) of \(command.rawValue) ended with \(end): \(attempt.error.prefix(300))")
            case 5, 6:
                refusals += 1
                setup.story.say("run \(run) of \(command.rawValue) was refused (\(end)): \(attempt.error.prefix(600))")
                let since = refusedSince ?? .now
                refusedSince = since
                if .now - since > Self.patience { throw Finding(words) }
                try await person.resolve()
                try await Task.sleep(for: .seconds(3))
            default: throw Finding(words)
            }
            if number >= Self.attempts { throw Finding("\(words)\nIt was run \(attempts.count) times, at last with nothing going wrong.") }
        }
    }

    private static func saysNothingToDo(_ error: String) -> Bool {
        ["there is no candidate", "there is no previous release", "there is no release to retire"].contains { error.contains($0) }
    }

    private func attempt(
        _ command: ToolCommand, _ folder: String, waives: Bool, run: Int, kill: Kill?, plan: FaultPlan?,
        _ watch: @escaping @Sendable (Sign) async -> Void
    ) async throws -> Attempt {
        let victim = Mutex<Program?>(nil)
        let proxyRun = ProxyRun(.tool, number: run, plan: plan, kill: kill, keepsCalls: true) { victim.withLock { $0 }?.kill() }
        cloud.toolProxy.use(proxyRun)
        let log = setup.logs.appending(path: "run-\(run)-\(command.rawValue)")
        let program = try Program(
            setup.products + "/immutable", command.arguments(folder: folder, products: setup.products, waives: waives),
            environment: cloud.environment(endpoint: cloud.toolProxy.endpoint), log: log)
        victim.withLock { $0 = program }
        let watcher = Task {
            var told = 0
            while !Task.isCancelled {
                let lines = program.errors.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
                for line in lines.dropFirst(told) { await watch(.line(String(line))) }
                told = max(told, lines.count)
                try await Task.sleep(for: .milliseconds(5))
            }
        }
        defer { watcher.cancel() }
        guard let end = try await program.end(within: Self.limit) else {
            throw Finding(
                "`immutable \(command.rawValue)` (run \(run)) did not end within \(Self.limit): \(Self.lastWords(program.errors))")
        }
        let struck = proxyRun.struck
        let calls = proxyRun.calls.map(\.line).joined(separator: "\n") + "\n"
        try Data(calls.utf8).write(to: log.appendingPathExtension("calls"))
        return Attempt(
            run: run, status: end.status, calls: proxyRun.calls,
            killed: struck.flatMap { call in kill.map { (call, $0.moment, Self.step(end.errors)) } }, error: Self.lastWords(end.errors))
    }

    /// The last step that it told of.
    private static func step(_ errors: String) -> String {
        let steps = errors.split(separator: "\n").compactMap { line -> Substring? in
            guard let colon = line.firstIndex(of: ":"), line.first?.isLetter == true else { return nil }
            return line[..<colon].split(separator: " ").first
        }
        return steps.last.map(String.init) ?? "start"
    }

    private static func lastWords(_ errors: String) -> String {
        guard let start = errors.range(of: "Error: ", options: .backwards) ?? errors.range(of: "error: ", options: .backwards) else {
            return String(errors.suffix(500))
        }
        return String(errors[start.lowerBound...].prefix(2_000)).trimmingCharacters(in: .whitespacesAndNewlines)
    }
}

/// Numbers of runs: each process of the tool has its own.
final class RunNumbers: Sendable {
    private let last = Mutex(0)

    func next() -> Int {
        last.withLock { last in
            last += 1
            return last
        }
    }
}
