import ArgumentParser
import Foundation

/// What a command answers: one value, which each format renders.
protocol Answer: Encodable {
    /// For people; lines without the last line's end.
    func text(_ style: Style) -> String
}

enum OutputFormat: String, CaseIterable, ExpressibleByArgument {
    case text
    case json
}

extension OutputFormat {
    /// Results go to stdout; everything else a command says goes to stderr.
    func print(_ answer: some Answer, to terminal: Terminal = .standardOutput) throws {
        ProgressView.standard.end()
        switch self {
        case .text: terminal.print(answer.text(terminal.style))
        case .json: terminal.print(try Self.json(answer))
        }
    }

    static func json(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}
