import EventSourcing
import Crypto
import Foundation

/// Archives of executables that were packed before, one file each, named by what they were packed from and by their own
/// digest. A damaged entry counts as absent; one that can't be written is left out.
struct ArtifactCache: Sendable {
    /// Of older entries the files are removed.
    static let entryLimit = 8

    let directory: URL

    /// `$XDG_CACHE_HOME/immutable/artifacts`, else `~/.cache/immutable/artifacts`; nil without a home.
    static func standardDirectory(environment: [String: String]) -> URL? {
        let root =
            environment["XDG_CACHE_HOME"].flatMap { $0.hasPrefix("/") ? URL(filePath: $0) : nil }
            ?? environment["HOME"].map { URL(filePath: $0).appending(path: ".cache") }
        return root?.appending(path: "immutable/artifacts")
    }

    /// Changes with the executable's path, size and time of change, and with how it is packed; nil where there is no such file.
    static func key(executable: String, packing: String) -> String? {
        let target = URL(filePath: executable).resolvingSymlinksInPath().path(percentEncoded: false)
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: target), let size = attributes[.size] as? NSNumber,
            let modified = attributes[.modificationDate] as? Date
        else { return nil }
        let text = "artifact 1\n\(target)\n\(size)\n\(modified.timeIntervalSinceReferenceDate)\n\(packing)\n"
        return String(SHA256.hash(data: Data(text.utf8)).hexadecimal.prefix(32))
    }

    /// An entry that is read counts as new.
    func read(_ key: String) -> [UInt8]? {
        for file in files() where file.lastPathComponent.hasPrefix("\(key).") {
            guard let data = try? Data(contentsOf: file), file.lastPathComponent == Self.name(key, data) else { continue }
            try? FileManager.default.setAttributes([.modificationDate: Date()], ofItemAtPath: file.path(percentEncoded: false))
            return Array(data)
        }
        return nil
    }

    func write(_ zip: [UInt8], for key: String) {
        let data = Data(zip)
        try? FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        try? data.write(to: directory.appending(path: Self.name(key, data)), options: .atomic)
        let byAge = files().map { ($0, Self.modified($0)) }.sorted { $0.1 > $1.1 }
        for (file, _) in byAge.dropFirst(Self.entryLimit) { try? FileManager.default.removeItem(at: file) }
    }

    private func files() -> [URL] {
        let all = try? FileManager.default.contentsOfDirectory(at: directory, includingPropertiesForKeys: [.contentModificationDateKey])
        return (all ?? []).filter { $0.pathExtension == "zip" }
    }

    private static func name(_ key: String, _ data: Data) -> String { "\(key).\(SHA256.hash(data: data).hexadecimal).zip" }

    private static func modified(_ file: URL) -> Date {
        (try? file.resourceValues(forKeys: [.contentModificationDateKey]).contentModificationDate) ?? .distantPast
    }
}
