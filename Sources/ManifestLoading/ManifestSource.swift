import Foundation
import StackDescription

/// A manifest's file, as it was read once: what is hashed is what is compiled.
struct ManifestSource: Sendable {
    let directory: URL
    let bytes: Data
    private let lines: [Substring]

    init(directory: URL) throws(ManifestError) {
        self.directory = directory.standardizedFileURL
        let file = self.directory.appending(path: ManifestLoader.fileName)
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: file.path(percentEncoded: false), isDirectory: &isDirectory),
            !isDirectory.boolValue
        else { throw .noManifest(directory: self.directory.path(percentEncoded: false)) }
        do {
            bytes = try Data(contentsOf: file)
        } catch {
            throw .unreadableFile(path: file.path(percentEncoded: false), reason: error.localizedDescription)
        }
        lines = String(decoding: bytes, as: UTF8.self).split(
            omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    }

    /// The first line says for which version of the vocabulary the manifest was written.
    func checkVersion() throws(ManifestError) {
        let line = lines.first.map { $0.trimmingCharacters(in: .whitespaces) } ?? ""
        let prefix = Envelope.versionComment.trimmingCharacters(in: .whitespaces)
        guard line.hasPrefix(prefix),
            let version = Int(line.dropFirst(prefix.count).trimmingCharacters(in: .whitespaces))
        else { throw .noVersionLine(found: line) }
        guard version == Envelope.currentVersion else { throw .unsupportedVersion(version) }
    }

    /// Finds the line that a problem is about; there is none where the manifest doesn't have the text literally.
    func locate(_ problem: Problem) -> ManifestError.Located {
        var remaining = problem.occurrence
        var last: Int?
        for (index, line) in lines.enumerated() where !line.drop(while: \.isWhitespace).hasPrefix("//") {
            let count = line.ranges(of: problem.anchor).count
            guard count > 0 else { continue }
            last = index + 1
            if remaining < count { break }
            remaining -= count
        }
        return ManifestError.Located(problem: problem, line: last)
    }
}
