import Foundation

/// One instance's directory: its record, its log, and the data that ends with it.
struct InstanceDirectory: Sendable {
    let path: String

    var lock: String { path + "/lock" }
    var log: String { path + "/server.log" }
    private var recordFile: String { path + "/instance.json" }
    private var dataDirectories: [String] { ["tmp", "state", "s3"].map { "\(path)/\($0)" } }

    var exists: Bool { FileManager.default.fileExists(atPath: path) }

    var status: LocalCloud.Status {
        // A record that can't be read is as good as none: it is written whole, by a rename.
        guard let data = FileManager.default.contents(atPath: recordFile),
            let instance = try? JSONDecoder().decode(LocalCloud.Instance.self, from: data), instance.pid > 1
        else { return .stopped }
        return ServerProcess(instance).isAlive ? .running(instance) : .stale(instance)
    }

    /// Makes the directory and empties its data.
    func prepare() throws {
        clear(keepingLog: true)
        for directory in dataDirectories {
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        }
        try Data().write(to: URL(fileURLWithPath: log))
    }

    func write(_ instance: LocalCloud.Instance) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try encoder.encode(instance).write(to: URL(fileURLWithPath: recordFile), options: .atomic)
    }

    /// Removes the record and the data; without `keepingLog` the whole directory. What can't be removed stays: it is in
    /// nobody's way.
    func clear(keepingLog: Bool) {
        for item in keepingLog ? [recordFile] + dataDirectories : [path] {
            try? FileManager.default.removeItem(atPath: item)
        }
    }

    /// The last lines of the log.
    func logTail(lines: Int = 20) -> String {
        let text = FileManager.default.contents(atPath: log).map { String(decoding: $0, as: UTF8.self) } ?? ""
        return text.split(whereSeparator: \.isNewline).suffix(lines).joined(separator: "\n")
    }
}
