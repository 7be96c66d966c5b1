import Foundation

/// Names a process as the holder of a lock: `user@host pid 4711 started 8125`.
enum LockOwner {
    static let current: String = {
        let pid = ProcessInfo.processInfo.processIdentifier
        return "\(person) pid \(pid) started \(started(pid) ?? "?")"
    }()

    /// `user@host`: who runs this process.
    static let person: String = {
        "\(ProcessInfo.processInfo.environment["USER"] ?? "user")@\(ProcessInfo.processInfo.hostName)"
    }()

    /// Whether a holder was a process of this machine that has ended. What can't be told counts as alive.
    static func isGone(_ holder: String) -> Bool {
        let parts = holder.split(separator: " ").map(String.init)
        guard parts.count == 5, parts[0].hasSuffix("@\(ProcessInfo.processInfo.hostName)"), let pid = Int32(parts[2]), parts[4] != "?"
        else { return false }
        guard FileManager.default.fileExists(atPath: "/proc/self/stat") else { return false }
        return started(pid) != parts[4]
    }

    /// The process' start time in clock ticks since boot: field 22 of /proc/<pid>/stat (proc(5)), so that a reused pid isn't taken for it.
    private static func started(_ pid: Int32) -> String? {
        guard let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
            let end = stat.lastIndex(of: ")")
        else { return nil }
        let fields = stat[stat.index(after: end)...].split(separator: " ")
        return fields.count > 19 ? String(fields[19]) : nil
    }
}
