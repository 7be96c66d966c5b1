import ArgumentParser
import Foundation
import Orchestrator

struct Verify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Compare the candidate's read models with the live ones, while both work.",
        discussion: """
            Exits 0 where they are equal, 3 where they differ, 4 where that can't be told. Text shows the first documents that differ; \
            json and html have all that were found, with the events that made them. html is one page that needs nothing else.
            A comparison in which everything matched is kept for 24 hours: a cutover then compares only what was touched since.
            """)

    enum Format: String, CaseIterable, ExpressibleByArgument {
        case text, json, html
    }

    @OptionGroup var argument: StackArgument

    @Flag(help: "Compare the events too: the candidate's with what the transform makes of the live ones.")
    var events = false

    @Option(help: ArgumentHelp("How to print the result: text, json or html.", valueName: "text|json|html"))
    var format: Format = .text

    @Option(help: ArgumentHelp("Write the result to this file instead of stdout.", valueName: "file"))
    var output: String?

    func validate() throws {
        if format == .html, output == nil { throw ValidationError("--format html needs --output <file>") }
        if let output {
            let folder = URL(filePath: output).deletingLastPathComponent().path(percentEncoded: false)
            guard FileManager.default.isWritableFile(atPath: folder) else {
                throw ValidationError("--output \(output): the folder isn't there, or can't be written to")
            }
        }
    }

    func run() async throws {
        let view = try await StackView.load(.connected(), argument.stack)
        guard let live = view.live, let candidate = view.candidate else {
            throw NothingToVerify(stack: argument.stack, lacks: view.live == nil ? "live release" : "candidate")
        }
        guard candidate.replayed != nil else {
            throw NotProvenYet(stack: argument.stack, release: candidate.release, phase: candidate.phase)
        }
        ProgressView.sink(.step("verify", why: "\(candidate.release) is compared with \(live.release); nothing is changed"))
        let report = try await Verifier(view: view, live: live, candidate: candidate, sink: ProgressView.sink).runAndKeep(events: events)
        ProgressView.standard.end()
        if let output {
            try Data((try render(report, .plain) + (format == .html ? "" : "\n")).utf8).write(to: URL(filePath: output), options: .atomic)
            Terminal.standardError.print("\(report.verdict.rawValue); the report is in \(output)")
        } else {
            Terminal.standardOutput.print(try render(report, Terminal.standardOutput.style))
        }
        try ExitReason(report.verdict).end()
    }

    private func render(_ report: ParityReport, _ style: Style) throws -> String {
        switch format {
        case .text: report.text(style)
        case .json: try OutputFormat.json(report)
        case .html: ParityPage(report: report).html
        }
    }
}

/// A stack that has no two releases to compare.
struct NothingToVerify: Error, CustomStringConvertible {
    var stack: String
    var lacks: String

    var description: String {
        "stack '\(stack)' has no \(lacks) to compare.\nhint: `immutable deploy <dir>` prepares a candidate, `immutable status \(stack)` shows what there is"
    }
}

/// A candidate that has no read models yet.
struct NotProvenYet: Error, CustomStringConvertible {
    var stack: String
    var release: String
    var phase: DeploymentPhase

    var description: String {
        "the deployment of \(release) is at '\(phase.rawValue)': there is nothing to compare yet.\nhint: run `immutable deploy` again to finish it"
    }
}
