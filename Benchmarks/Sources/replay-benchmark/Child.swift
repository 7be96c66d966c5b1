import Foundation

/// A copier in a process of its own, and what the system says that it took.
enum Child {
    /// Runs a program whose last line is a ``SelfReport``. Its other output goes to standard error.
    static func measure(_ arguments: [String], environment: [String: String]) async throws -> Measurement {
        let (status, output, usage) = try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread { continuation.resume(with: Result { try run(arguments, environment) }) }
        }
        guard status == 0 else { throw Refusal("\(arguments.joined(separator: " ")) ended with \(status)\n\(output)") }
        let lines = output.split(separator: "\n")
        guard let last = lines.last, let report = try? JSONDecoder().decode(SelfReport.self, from: Data(last.utf8)) else {
            throw Refusal("\(arguments.joined(separator: " ")) gave no report:\n\(output)")
        }
        return Measurement(report: report, cpuSeconds: seconds(usage.ru_utime) + seconds(usage.ru_stime))
    }

    private static func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1_000_000 }

    private static func run(_ arguments: [String], _ environment: [String: String]) throws -> (Int32, String, rusage) {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("replay-benchmark-\(UUID().uuidString).log")
        defer { try? FileManager.default.removeItem(at: file) }
        #if os(Linux)
            var actions = posix_spawn_file_actions_t()
        #else
            var actions: posix_spawn_file_actions_t?
        #endif
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 1, file.path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        var argv: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
        var envp: [UnsafeMutablePointer<CChar>?] = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for pointer in argv + envp { free(pointer) } }
        var pid: pid_t = 0
        let code = posix_spawn(&pid, arguments[0], &actions, nil, &argv, &envp)
        guard code == 0 else { throw Refusal("can't start \(arguments[0]): \(String(cString: strerror(code)))") }
        Interruption.add(pid)
        defer { Interruption.remove(pid) }
        var status: Int32 = 0
        var usage = rusage()
        while wait4(pid, &status, 0, &usage) == -1 && errno == EINTR {}
        let output = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
        return (status & 0x7f == 0 ? status >> 8 & 0xff : 128 + status & 0x7f, output, usage)
    }
}
