import ArgumentParser
import Foundation

@main struct FireDrillCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fire-drill",
        abstract: "The whole system under fire, on a local AWS.",
        discussion: """
            Releases are deployed, cut over to, rolled back and retired, again and again, while clients send requests. A seed decides which AWS \
            calls are throttled, fail, are delayed or lose their answer, which functions' processes are killed, and at which calls the tool is \
            killed and run again. After each cycle an audit from outside looks for anything lost, twice, out of order or left over. The first \
            finding ends the drill with 1; a drill that found nothing and whose time ran out before its last cycle or kill ends with 4.
            """)

    @Option(help: ArgumentHelp("How many cycles.", valueName: "n"))
    var cycles = 10

    @Option(help: ArgumentHelp("The same seed makes the same plan.", valueName: "number"))
    var seed: UInt64 = 1

    @Option(help: ArgumentHelp("No cycle, and no round of kills, begins after this many minutes.", valueName: "n"))
    var minutes = 600

    @Option(help: ArgumentHelp("How many clients send requests at the same time.", valueName: "n"))
    var clients = 16

    @Flag(help: "Instead: kill each command at its AWS calls, one by one, with nothing else going wrong.")
    var everyCall = false

    @Option(help: "With --every-call, one command only.")
    var command: ToolCommand?

    @Option(help: ArgumentHelp("With --every-call, how many kills of each command instead of all.", valueName: "n"))
    var sample: Int?

    @Flag(help: "End stdout with one line of JSON that has the figures.")
    var json = false

    @Option(help: ArgumentHelp("Write the figures to this file, as Markdown.", valueName: "file"))
    var report: String?

    @Option(
        help: ArgumentHelp(
            "Take the tool and the functions from this folder of built products instead of building them.", valueName: "folder"))
    var products: String?

    func validate() throws {
        guard (1...10_000).contains(cycles) else { throw ValidationError("--cycles must be from 1 to 10,000") }
        guard (1...64).contains(clients) else { throw ValidationError("--clients must be from 1 to 64") }
        guard everyCall || (command == nil && sample == nil) else { throw ValidationError("--command and --sample go with --every-call") }
        guard sample.map({ $0 >= 1 }) ?? true else { throw ValidationError("--sample must be at least 1") }
        guard minutes >= 1 else { throw ValidationError("--minutes must be at least 1") }
    }

    func run() async throws {
        let root = try ProjectRoot.find()
        let story = DrillStory()
        let products: String
        if let given = self.products {
            products = URL(filePath: given).standardizedFileURL.path
        } else {
            products = try await Products.build(root)
        }
        let logs = URL(filePath: root).appending(path: ".immutable/fire-drill/\(ProcessInfo.processInfo.processIdentifier)-seed-\(seed)")
        try FileManager.default.createDirectory(at: logs, withIntermediateDirectories: true)
        let setup = DrillSetup(
            seed: seed, clients: clients, root: root, products: products, logs: logs, tally: Tally(seed: seed), story: story)
        let limit = Duration.seconds(minutes * 60)
        let (everyCall, sample, cycles) = (everyCall, sample, cycles)
        let commands = command.map { [$0] } ?? ToolCommand.allCases
        let figures = try await Interruptible.run {
            try await everyCall
                ? EveryCall(setup: setup, commands: commands, sample: sample, limit: limit).run()
                : Drill(setup: setup, cycles: cycles, limit: limit).run()
        }
        let text = DrillReport(figures: figures, clients: clients).markdown
        if let report { try Data(text.utf8).write(to: URL(filePath: report)) }
        FileHandle.standardError.write(Data(("\n" + text).utf8))
        if json { print(try figures.line()) }
        if figures.finding != nil {
            story.say("logs, journals and tables: \(logs.path)")
        } else {
            try? FileManager.default.removeItem(at: logs)
        }
        story.say(figures.ending)
        if figures.exitCode != 0 { throw ExitCode(figures.exitCode) }
    }
}
