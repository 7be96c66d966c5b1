import ArgumentParser
import LocalCloud

struct Local: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Start and stop the local AWS.",
        discussion: "eval \"$(immutable local start)\" points this shell, and every AWS tool in it, to the local AWS.",
        subcommands: [Start.self, Stop.self, Status.self])

    struct Start: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Start it, unless it runs, and print what to export.",
            discussion: "The first start installs it in a Python environment of its own; that takes a minute.")

        @Option(help: ArgumentHelp("The loopback port; without it, a free one.", valueName: "port"))
        var port: Int?

        func run() async throws {
            let instance = try await LocalCloud.start(
                LocalCloud.Options(port: port, name: LocalCloud.Options.defaultName, detached: true) { text in
                    Terminal.standardError.print(text)
                })
            Terminal.standardError.print(
                "the local AWS \(instance.alreadyRunning ? "runs" : "is ready") at \(instance.endpoint); stop it with: immutable local stop"
            )
            Terminal.standardOutput.print(LocalText.exports(instance.environment))
        }
    }

    struct Stop: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Stop it, with everything in it.")

        func run() async throws {
            switch try await LocalCloud.stop() {
            case .running(let instance):
                Terminal.standardOutput.print("the local AWS at \(instance.endpoint) is stopped, and what it held is gone")
            case .stale: Terminal.standardOutput.print("the local AWS had died; what it left is removed")
            case .stopped: Terminal.standardOutput.print("the local AWS wasn't running")
            }
        }
    }

    struct Status: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Say whether it runs, and where.")

        func run() async throws {
            switch try LocalCloud.status() {
            case .running(let instance):
                Terminal.standardOutput.print(
                    "the local AWS runs at \(instance.endpoint), region \(instance.region), process \(instance.pid)\nits log: \(instance.logFile)"
                )
            case .stale(let instance):
                Terminal.standardOutput.print(
                    "the local AWS (process \(instance.pid)) has died; its log: \(instance.logFile)\nnext: immutable local start")
            case .stopped:
                Terminal.standardOutput.print("the local AWS isn't running\nnext: eval \"$(immutable local start)\"")
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
