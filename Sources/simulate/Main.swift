import ArgumentParser
import Foundation
import Simulation

@main
struct Simulate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Runs the handover's own code against stores in memory, under schedules that interleave, crash and lose answers.",
        discussion: "Every schedule follows from its seed. Ends with 1 where an invariant was broken.")

    @Option(help: "How long.")
    var minutes: Double = 1

    @Option(help: "The first schedule's seed.")
    var seed: UInt64 = 1

    @Option(help: "At most so many schedules.")
    var schedules: Int = .max

    @Option(help: "Threads.")
    var threads: Int = 2

    @Option(help: "Ends after so many schedules that broke an invariant.")
    var failures: Int = 10

    @Flag(help: "Brief schedules: one stream, two requests, a cutover, one or two faults; more of them in the same time.")
    var brief = false

    @Flag(help: "Prints the report as JSON.")
    var json = false

    @Flag(help: "Strikes at every store call of --schedules schedules (20 unless told otherwise), one at a time, in each way.")
    var everyCall = false

    @Option(help: ArgumentHelp("Breaks a promise of the store on purpose.", visibility: .hidden))
    var sabotage: String?

    @Option(help: "Shows one schedule step by step, and the short form of it where it fails.")
    var replay: UInt64?

    func validate() throws {
        guard !(brief && everyCall) else { throw ValidationError("--every-call has schedules of its own: leave --brief out") }
    }

    func run() async throws {
        if let replay { return try await show(Schedule(seed: replay, isBrief: brief)) }
        if everyCall { return try await strikeEverywhere() }
        let report = await explorer.run(schedules: schedules, seconds: minutes * 60, failures: failures)
        if json {
            print(String(decoding: try Self.encoder.encode(report), as: UTF8.self))
        } else {
            print(
                """
                \(report.schedules) schedules in \(Int(report.seconds)) s (\(report.schedulesPerMinute) a minute), \(report.calls) store calls,
                \(report.faults) faults, \(report.changesOfOwner) changes of owner, about \(report.distinctStates) distinct states
                """)
            for failure in report.failures { print("seed \(failure.seed): \(failure.invariant): \(failure.detail)") }
            if report.failures.isEmpty { print("no invariant was broken") }
        }
        if !report.failures.isEmpty { throw ExitCode(1) }
    }

    private func strikeEverywhere() async throws {
        let count = schedules == .max ? 20 : UInt64(max(0, schedules))
        let report = await EveryCall().run(seed..<(seed &+ count), threads: threads, sabotage: explorer.sabotage)
        if json {
            print(String(decoding: try Self.encoder.encode(report), as: UTF8.self))
        } else {
            print("\(report.strikes) strikes at the \(report.calls) calls of \(report.schedules) schedules")
            for failure in report.failures {
                print("seed \(failure.seed), \(failure.fault) at call \(failure.call): \(failure.invariant): \(failure.detail)")
            }
            if report.failures.isEmpty { print("no invariant was broken") }
        }
        if !report.failures.isEmpty { throw ExitCode(1) }
    }

    private static var encoder: JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
        return encoder
    }

    private var explorer: Explorer {
        Explorer(firstSeed: seed, threads: threads, sabotage: sabotage.flatMap(Sabotage.init(rawValue:)), isBrief: brief)
    }

    private func show(_ schedule: Schedule) async throws {
        print(schedule)
        let outcome = await explorer.replay(schedule) { print($0) }
        guard let violation = outcome.violation else { return print("no invariant was broken") }
        print("\n\(violation)\n\nthe same, shorter:\n")
        let short = await Shrinker(sabotage: explorer.sabotage).shrink(schedule)
        print(short)
        _ = await explorer.replay(short) { print($0) }
        throw ExitCode(1)
    }
}
