import Crypto
import Foundation
import StackDescription

/// Results of manifests that were parsed, one file each, named by the hash of all that could change them.
/// An entry that is damaged counts as absent; one that can't be written is left out.
struct ManifestCache: Sendable {
    /// Entries that weren't written for so long are removed.
    private static let keep: TimeInterval = 30 * 24 * 60 * 60

    let directory: URL

    static func key(source: Data, compiler: FileStamp, library: LibraryFiles) -> String {
        var hash = SHA256()
        hash.update(data: Data("immutable manifest \(Envelope.currentVersion)\n".utf8))
        for stamp in [compiler] + library.stamps { hash.update(data: Data("\(stamp)\n".utf8)) }
        hash.update(data: source)
        return hash.finalize().hex
    }

    func read(_ key: String) -> String? {
        guard let entry = try? String(contentsOf: file(key), encoding: .utf8),
            let end = entry.firstIndex(of: "\n")
        else { return nil }
        let json = String(entry[entry.index(after: end)...])
        return entry[..<end] == Self.digest(json) ? json : nil
    }

    func write(_ json: String, for key: String) {
        let entry = Data("\(Self.digest(json))\n\(json)".utf8)
        try? FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        try? entry.write(to: file(key), options: .atomic)
        removeOldEntries()
    }

    private func removeOldEntries() {
        let modified = URLResourceKey.contentModificationDateKey
        let entries = try? FileManager.default.contentsOfDirectory(
            at: directory, includingPropertiesForKeys: [modified])
        for entry in entries ?? [] where entry.pathExtension == "entry" {
            let date = try? entry.resourceValues(forKeys: [modified]).contentModificationDate
            if let date, date.timeIntervalSinceNow < -Self.keep { try? FileManager.default.removeItem(at: entry) }
        }
    }

    private func file(_ key: String) -> URL { directory.appending(path: "\(key).entry") }

    private static func digest(_ json: String) -> String { SHA256.hash(data: Data(json.utf8)).hex }
}

extension SHA256.Digest {
    fileprivate var hex: String {
        reduce(into: "") { $0 += String($1 >> 4, radix: 16) + String($1 & 15, radix: 16) }
    }
}
