import ArgumentParser
import Foundation

@main
struct Immutable: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "immutable",
        abstract: "Deploys a whole new release beside the live one, proves it, and hands the writes over – and back.",
        discussion: """
            A stack's way: plan, deploy, verify, cutover – then rollback, or retire the old release.
            Only plan, deploy and manifest need the sources; the rest needs a stack's name and credentials.

            Exit codes:
            \(ExitReason.table)
            """,
        version: immutableVersion,
        groupedSubcommands: [
            CommandGroup(name: "TRY IT", subcommands: [DemoCommand.self, Local.self]),
            CommandGroup(name: "PREPARE", subcommands: [Plan.self, Deploy.self, Manifest.self]),
            CommandGroup(
                name: "HAND OVER",
                subcommands: [Verify.self, Cutover.self, Rollback.self]),
            CommandGroup(
                name: "LOOK", subcommands: [Status.self, History.self, Audit.self, Parked.self, Effects.self]),
            CommandGroup(name: "MEND", subcommands: [Rebuild.self]),
            CommandGroup(
                name: "CLEAN UP",
                subcommands: [Abort.self, Retire.self, Destroy.self, Unlock.self]),
        ])

    /// The parser's own errors look like ours.
    static var _errorPrefix: String { "error: " }

    static func main() async {
        let work = Task {
            var command = try await asyncParseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        }
        Interruption.standard.listen { work.cancel() }
        let result = await work.result
        ProgressView.standard.end()
        guard case .failure(let error) = result else { return }
        if Interruption.standard.happened {
            if let text = ErrorText.afterInterruption(error) {
                ProgressView.standard.fail(text, code: ExitReason.interrupted.rawValue)
            }
            Foundation.exit(ExitReason.interrupted.rawValue)
        }
        if let code = error as? ExitCode { Foundation.exit(code.rawValue) }
        // Help, version and usage errors are the parser's.
        if exitCode(for: error) != .failure { exit(withError: error) }
        let reason = ExitReason(error)
        ProgressView.standard.fail(ErrorText.of(error, style: ProgressView.standard.style), code: reason.rawValue)
        Foundation.exit(reason.rawValue)
    }
}
