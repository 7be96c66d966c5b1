import ArgumentParser
import Foundation
import Testing

@testable import immutable

/// The commands of README's `sh` blocks.
@Suite struct ReadmeTests {
    private static let lines: [Substring] = {
        let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let text = try? String(contentsOf: package.appending(path: "README.md"), encoding: .utf8)
        return text?.split(separator: "\n", omittingEmptySubsequences: false) ?? []
    }()

    private static let commands: [String] = {
        var isShell = false
        return lines.compactMap { line in
            if line.hasPrefix("```") {
                isShell = line == "```sh"
                return nil
            }
            guard isShell, let name = line.range(of: "immutable "), ["", "swift run "].contains(String(line[..<name.lowerBound])) else {
                return nil
            }
            return String(line[name.upperBound...])
        }
    }()

    @Test func `the README has examples of the whole way`() {
        let names = Set(Self.commands.compactMap { $0.split(separator: " ").first.map(String.init) })
        #expect(names.isSuperset(of: ["demo", "plan", "deploy", "verify", "cutover", "rollback", "retire"]))
    }

    @Test(arguments: Self.commands)
    func `an example of the README is understood`(command: String) throws {
        #expect(throws: Never.self) { try Immutable.parseAsRoot(command.split(separator: " ").map(String.init)) }
    }

    @Test func `the README's exit codes are those that are used`() {
        let told = Self.lines.compactMap { line in
            line.hasPrefix("| ") ? Int32(line.dropFirst(2).prefix { $0.isNumber }) : nil
        }
        #expect(told == ExitReason.allCases.map(\.rawValue))
    }
}
