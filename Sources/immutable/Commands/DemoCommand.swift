import ArgumentParser

struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Watch all of it on a local AWS: deploy, load, redeploy, cut over, roll back, audit.",
        discussion: """
            Needs no credentials and no configuration. Concurrent clients send real HTTP requests all the while and check every answer; \
            an audit that shares no code with the rest then looks for anything lost, sent twice or missing. Takes under three minutes \
            once everything is built, and leaves nothing running. Exits 1 where anything was found.
            """)

    @Option(help: ArgumentHelp("How many events there are before the second release is deployed.", valueName: "n"))
    var events = 2_000

    @Option(help: ArgumentHelp("How many clients send requests at the same time.", valueName: "n"))
    var clients = 8

    @Option(
        help: ArgumentHelp(
            "Requests a second that all clients send together, at most. A local AWS that is never at rest shows its own queue, not a handover's pause.",
            valueName: "n"))
    var rate = 40

    @Flag(help: "Leave the local AWS up, under the name 'demo', to look around in.")
    var keep = false

    @Flag(help: "End stdout with one line of JSON that has the figures.")
    var json = false

    @Option(
        help: ArgumentHelp(
            "Plant a fault from outside, which must be found: lose-event, double-mail or fail-request. May be repeated.", valueName: "fault"
        ))
    var sabotage: [Sabotage] = []

    @Option(help: ArgumentHelp("Take the functions from this folder of built products instead of building them.", valueName: "folder"))
    var products: String?

    func validate() throws {
        guard (1...1_000_000).contains(events) else { throw ValidationError("--events must be from 1 to 1,000,000") }
        guard (1...64).contains(clients) else { throw ValidationError("--clients must be from 1 to 64") }
        guard (1...1_000).contains(rate) else { throw ValidationError("--rate must be from 1 to 1,000") }
    }

    func run() async throws {
        let story = DemoStory()
        let root = try PackageRoot.find()
        let figures = try await DemoCloud.with(keep: keep, story: story) { instance in
            let demo = try await Demo(
                instance: instance, root: root, events: events, clients: clients, rate: rate, products: products, sabotage: Set(sabotage),
                story: story)
            return try await demo.run()
        }
        ProgressView.standard.end()
        if json {
            Terminal.standardError.print(figures.text(Terminal.standardError.style))
            Terminal.standardOutput.print(try figures.line())
        } else {
            Terminal.standardOutput.print(figures.text(Terminal.standardOutput.style))
        }
        if !figures.problems.isEmpty { try ExitReason.failed.end() }
    }
}
