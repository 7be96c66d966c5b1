import Foundation

/// Shows what would be done and asks once.
struct Question: Sendable {
    /// `--yes`: the answer is known.
    let yes: Bool

    /// Throws ``QuestionWithoutTerminal`` where the question could get no answer: better said before the work than after it.
    func require() throws {
        guard yes || Terminal.standardInput.isInteractive else { throw QuestionWithoutTerminal() }
    }

    /// Returns the answer; throws ``QuestionWithoutTerminal`` where nobody can give one.
    func ask(_ question: String, showing intent: String) async throws -> Bool {
        ProgressView.standard.end()
        let terminal = Terminal.standardError
        terminal.print(intent)
        try require()
        if yes { return true }
        terminal.write("\n\(question) [y/N] ")
        do {
            let answer = try await Self.line().trimmingCharacters(in: .whitespaces).lowercased()
            return answer == "y" || answer == "yes"
        } catch {
            terminal.write("\n")
            throw error
        }
    }

    /// A line of standard input. Waits without holding a thread, so that the lock's lease is kept and an interruption is heard.
    private static func line() async throws -> String {
        while true {
            var input = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
            if poll(&input, 1, 0) != 0 { return readLine() ?? "" }
            try await Task.sleep(for: .milliseconds(50))
        }
    }
}

/// A question, and no terminal to ask it on.
struct QuestionWithoutTerminal: Error, CustomStringConvertible {
    var description: String { "this asks a question: answer it with --yes. Nothing was changed." }
}

/// The question was answered with no.
struct Declined: Error, CustomStringConvertible {
    var description: String { "nothing was changed" }
}
