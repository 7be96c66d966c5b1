import StackDescription

/// Why a manifest could not be loaded.
public enum ManifestError: Error, Equatable, Sendable {
    /// A problem, and the manifest's line, counted from 1, if it could be found.
    public struct Located: Equatable, Sendable {
        public var problem: Problem
        public var line: Int?
    }

    public enum Phase: String, Equatable, Sendable {
        case compiling, running
    }

    case noManifest(directory: String)
    case unreadableFile(path: String, reason: String)
    case noVersionLine(found: String)
    case unsupportedVersion(Int)
    case noCompiler(searched: [String])
    case noLibrary(searched: [String])
    /// `diagnostics` are the compiler's, with the user's file and lines.
    case doesNotCompile(diagnostics: String)
    case cannotStart(program: String, reason: String)
    case crashed(signal: Int32, output: String)
    case failed(status: Int32, output: String)
    case timedOut(Phase, limit: Duration)
    case noStack(output: String)
    case severalStacks(names: [String])
    /// What the manifest wrote is not an envelope.
    case unreadableResult(reason: String)
    /// The library that the manifest was compiled against writes another version than this tool reads.
    case unexpectedResultVersion(Int)
    case invalid([Located])
}

extension ManifestError: CustomStringConvertible {
    private static let file = ManifestLoader.fileName

    public var description: String {
        switch self {
        case .noManifest(let directory):
            "there is no \(Self.file) in \(directory)\n"
                + "hint: name the directory of a stack, the one that its Stack.swift is in"
        case .unreadableFile(let path, let reason):
            "\(path) can't be read: \(reason)"
        case .noVersionLine(let found):
            "\(Self.file):1:1: error: the first line has to be "
                + "'\(Envelope.versionComment)\(Envelope.currentVersion)', it is '\(found)'"
        case .unsupportedVersion(let version):
            "\(Self.file):1:1: error: the manifest is written for version \(version) of Immutable Stack's vocabulary, "
                + "this tool has version \(Envelope.currentVersion)\n"
                + (version > Envelope.currentVersion
                    ? "hint: install a newer immutable"
                    : "hint: write '\(Envelope.versionComment)\(Envelope.currentVersion)' and follow the compiler's errors")
        case .noCompiler(let searched):
            "no Swift compiler was found; looked for \(Self.list(searched))\n"
                + "hint: install Swift from swift.org, or set SWIFT_EXEC to the path of swiftc"
        case .noLibrary(let searched):
            "the library StackDescription, which manifests are compiled against, was not found; looked in "
                + "\(Self.list(searched))\n"
                + "hint: set IMMUTABLE_LIBS_DIR to the directory that has StackDescription.swiftmodule"
        case .doesNotCompile(let diagnostics):
            diagnostics + Self.mismatchHint(in: diagnostics)
        case .cannotStart(let program, let reason):
            "\(program) can't be started: \(reason)"
        case .crashed(let signal, let output):
            "\(Self.file): error: the manifest crashed with signal \(signal)" + Self.quote(output)
                + "\nhint: a manifest is data: look for an index out of range, a forced nil or endless recursion"
        case .failed(let status, let output):
            "\(Self.file): error: the manifest ended with status \(status) instead of describing a stack"
                + Self.quote(output)
        case .timedOut(let phase, let limit):
            "\(Self.file): error: \(phase.rawValue) the manifest took longer than \(limit.components.seconds) s and was "
                + "stopped\nhint: "
                + (phase == .running
                    ? "look for a loop that doesn't end, or something that waits: a manifest has no network"
                    : "give long array and dictionary literals an explicit type")
        case .noStack(let output):
            "\(Self.file): error: the manifest describes no stack" + Self.quote(output)
                + "\nhint: let stack = Stack(\"orders\", …) at the top level"
        case .severalStacks(let names):
            "\(Self.file): error: the manifest describes \(names.count) stacks (\(names.joined(separator: ", ")))\n"
                + "hint: one manifest is one stack: give each a directory of its own"
        case .unreadableResult(let reason):
            "\(Self.file): error: what the manifest wrote can't be read: \(reason)\n"
                + "hint: the library StackDescription and this tool have to be of one version"
        case .unexpectedResultVersion(let version):
            "\(Self.file): error: the library StackDescription writes version \(version), this tool reads version "
                + "\(Envelope.currentVersion)\nhint: the library and this tool have to be of one version"
        case .invalid(let problems):
            problems.map(\.description).joined(separator: "\n")
        }
    }

    private static func list(_ places: [String]) -> String { places.joined(separator: ", ") }

    private static func quote(_ output: String) -> String {
        output.isEmpty ? "" : "\n" + output.split(separator: "\n").map { "  | \($0)" }.joined(separator: "\n")
    }

    private static func mismatchHint(in diagnostics: String) -> String {
        let signs = [
            "module compiled with Swift", "compiled module was created by", "no such module 'StackDescription'",
        ]
        return signs.contains { diagnostics.contains($0) }
            ? "\nhint: the library StackDescription was built by another compiler: build this tool with the Swift that "
                + "compiles manifests, or point SWIFT_EXEC to the swiftc that built it" : ""
    }
}

extension ManifestError.Located: CustomStringConvertible {
    public var description: String {
        "\(ManifestLoader.fileName):\(line.map { "\($0):" } ?? "") error: \(problem)"
    }
}
