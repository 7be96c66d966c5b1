import ArgumentParser
import LocalCloud

struct Local: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Start and stop the local AWS.",
        discussion: "eval \"$(immutable local start)\" points this shell, and every AWS tool in it, to the local AWS.",
        subcommands: [Start.self, Stop.self, Status.self])

    /// More than one may run, each under a name of its own.
    struct InstanceName: ParsableArguments {
        @Option(help: ArgumentHelp("The instance's name: `demo --keep` leaves one named 'demo'.", valueName: "name"))
        var name = LocalCloud.Options.defaultName

        /// The option as it has to be given, with a blank in front; nothing for the default.
        var option: String { name == LocalCloud.Options.defaultName ? "" : " --name \(name)" }
    }

    struct Start: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Start it, unless it runs, and print what to export.",
            discussion: "The first start installs it in a Python environment of its own; that takes a minute.")

        @Option(help: ArgumentHelp("The loopback port; without it, a free one.", valueName: "port"))
        var port: Int?

        @OptionGroup var instance: InstanceName

        func run() async throws {
            let started = try await LocalCloud.start(
                LocalCloud.Options(port: port, name: instance.name, detached: true) { text in
                    Terminal.standardError.print(text)
                })
            let state = started.alreadyRunning ? "runs" : "is ready"
            Terminal.standardError.print(
                "the local AWS \(state) at \(started.endpoint); stop it with: immutable local stop\(instance.option)")
            Terminal.standardOutput.print(LocalText.exports(started.environment))
        }
    }

    struct Stop: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Stop it, with everything in it.")

        @OptionGroup var instance: InstanceName

        func run() async throws {
            switch try await LocalCloud.stop(instance.name) {
            case .running(let stopped):
                Terminal.standardOutput.print("the local AWS at \(stopped.endpoint) is stopped, and what it held is gone")
            case .stale: Terminal.standardOutput.print("the local AWS had died; what it left is removed")
            case .stopped: Terminal.standardOutput.print("the local AWS wasn't running")
            }
        }
    }

    struct Status: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Say whether it runs, and where.")

        @OptionGroup var instance: InstanceName

        func run() async throws {
            switch try LocalCloud.status(of: instance.name) {
            case .running(let found):
                Terminal.standardOutput.print(
                    "the local AWS runs at \(found.endpoint), region \(found.region), process \(found.pid)\nits log: \(found.logFile)")
            case .stale(let found):
                Terminal.standardOutput.print(
                    "the local AWS (process \(found.pid)) has died; its log: \(found.logFile)\nnext: immutable local start\(instance.option)"
                )
            case .stopped:
                Terminal.standardOutput.print("the local AWS isn't running\nnext: eval \"$(immutable local start\(instance.option))\"")
            }
        }
    }
}

/// What a shell reads.
enum LocalText {
    /// `export NAME='value'` lines, by name.
    static func exports(_ environment: [String: String]) -> String {
        environment.sorted { $0.key < $1.key }.map { "export \($0.key)=\(quoted($0.value))" }.joined(separator: "\n")
    }

    /// As one word of a POSIX shell.
    private static func quoted(_ value: String) -> String {
        let isPlain = value.unicodeScalars.allSatisfy {
            $0.isASCII && ($0.properties.isAlphabetic || "0123456789-_./:".unicodeScalars.contains($0))
        }
        return isPlain && !value.isEmpty ? value : "'" + value.replacing("'", with: #"'\''"#) + "'"
    }
}
