import Foundation

/// What the system knows of a process.
enum ProcessTable {
    #if os(Linux)
        /// When the process started, or nil if there is none or it is a zombie. In clock ticks since boot: field 22 of
        /// `/proc/<pid>/stat` (proc(5)).
        static func startTime(of pid: Int32) -> String? {
            guard let data = FileManager.default.contents(atPath: "/proc/\(pid)/stat") else { return nil }
            // The second field is the program's name in parentheses, which may hold anything.
            let text = String(decoding: data, as: UTF8.self)
            guard let name = text.lastIndex(of: ")") else { return nil }
            let fields = text[text.index(after: name)...].split(separator: " ")
            guard fields.count > 19, fields[0] != "Z", fields[0] != "X" else { return nil }
            return String(fields[19])
        }
    #else
        /// When the process started, or nil if there is none or it is a zombie. In seconds since 1970.
        static func startTime(of pid: Int32) -> String? {
            var query = [CTL_KERN, KERN_PROC, KERN_PROC_PID, pid]
            var info = kinfo_proc()
            var size = MemoryLayout<kinfo_proc>.stride
            guard sysctl(&query, 4, &info, &size, nil, 0) == 0, size > 0, Int32(info.kp_proc.p_stat) != SZOMB else {
                return nil
            }
            let start = info.kp_proc.p_un.__p_starttime
            return "\(start.tv_sec).\(start.tv_usec)"
        }
    #endif
}
