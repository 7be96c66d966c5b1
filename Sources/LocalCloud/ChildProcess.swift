import Foundation

/// A process that we start, in our own process group. `Foundation.Process` can't give it a clean signal mask.
struct ChildProcess: Sendable {
    let pid: Int32

    /// - Parameters:
    ///   - arguments: the program's path, then its arguments.
    ///   - input: the file descriptor that becomes its standard input; nil for none.
    ///   - output: the file that its output is appended to.
    static func spawn(
        _ arguments: [String], environment: [String: String], input: Int32?, output: String
    ) throws -> ChildProcess {
        #if os(Linux)
            var actions = posix_spawn_file_actions_t()
            var attributes = posix_spawnattr_t()
        #else
            var actions: posix_spawn_file_actions_t?
            var attributes: posix_spawnattr_t?
        #endif
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }

        if let input {
            posix_spawn_file_actions_adddup2(&actions, input, 0)
        } else {
            posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        }
        posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_APPEND, 0o644)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)

        // The threads of Swift's pool block signals, and a child inherits its starter's mask.
        var none = sigset_t()
        var all = sigset_t()
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        let flags = Int32(POSIX_SPAWN_SETSIGMASK) | Int32(POSIX_SPAWN_SETSIGDEF)
        posix_spawnattr_setflags(&attributes, Int16(truncatingIfNeeded: flags))

        var argv: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
        var envp: [UnsafeMutablePointer<CChar>?] = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for pointer in argv + envp { free(pointer) } }
        var pid: pid_t = 0
        let code = posix_spawn(&pid, arguments.first ?? "", &actions, &attributes, &argv, &envp)
        guard code == 0 else { throw LocalCloudError.system(call: "start \(arguments.first ?? "")", code: code) }
        return ChildProcess(pid: pid)
    }

    /// The exit status once it has ended (128 + the signal if one ended it), nil while it runs.
    func poll() -> Int32? {
        var status: Int32 = 0
        let result = waitpid(pid, &status, WNOHANG)
        if result == 0 { return nil }
        guard result == pid else { return -1 }
        let signal = status & 0x7f
        return signal == 0 ? (status >> 8) & 0xff : 128 + signal
    }

    /// Takes note of its end, so that it isn't left as a zombie. Does nothing to another's child.
    func reap() { _ = poll() }

    /// Runs a program to its end.
    /// - Returns: its exit status and its whole output.
    static func run(_ arguments: [String], environment: [String: String]) async throws -> (status: Int32, output: String) {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("immutable-\(UUID().uuidString).log")
        defer { try? FileManager.default.removeItem(at: file) }
        let child = try spawn(arguments, environment: environment, input: nil, output: file.path)
        while true {
            if let status = child.poll() {
                let data = FileManager.default.contents(atPath: file.path) ?? Data()
                return (status, String(decoding: data, as: UTF8.self))
            }
            do {
                try await Task.sleep(for: .milliseconds(10))
            } catch {
                kill(child.pid, SIGKILL)
                var status: Int32 = 0
                waitpid(child.pid, &status, 0)
                throw error
            }
        }
    }
}
