import Foundation

/// Why the local cloud can't be started.
public enum LocalCloudError: Error, Sendable, CustomStringConvertible {
    case badName(String)
    case badPort(Int)
    case portInUse(Int)
    case noFreePort
    /// The named instance runs on another port than the one asked for.
    case runsElsewhere(name: String, endpoint: String, wanted: Int)
    case noPython(searched: String, tooOld: [String])
    case noVenvModule(python: String, version: String)
    case indexUnreachable(output: String)
    case hashMismatch(output: String)
    case environmentFailed(step: String, output: String)
    case noProgram(places: [String])
    /// The server ended before it was ready.
    case exited(status: Int32, logTail: String, log: String)
    case notReady(endpoint: String, seconds: Int, logTail: String, log: String)
    case locked(path: String, waited: Duration)
    case unexpectedAnswer(endpoint: String, path: String, status: Int)
    /// A system call failed with this `errno`.
    case system(call: String, code: Int32)

    public var description: String {
        switch self {
        case .badName(let name):
            "'\(name)' can't name a local cloud\nhint: use 1 to 64 letters, digits, '-' and '_'"
        case .badPort(let port):
            "\(port) is no port\nhint: use 1 to 65535, or none for a free one"
        case .portInUse(let port):
            """
            port \(port) of 127.0.0.1 is in use by another process
            hint: stop that process, or start the local cloud on another port (without one it takes a free one)
            """
        case .noFreePort:
            "no port of 127.0.0.1 was free in five tries\nhint: name one"
        case .runsElsewhere(let name, let endpoint, let wanted):
            "the local cloud '\(name)' runs at \(endpoint), not on port \(wanted)\nhint: stop it first"
        case .noPython(let searched, let tooOld):
            """
            the local cloud needs Python 3.10 or newer, and there is none in \(searched)\
            \(tooOld.isEmpty ? "" : " (\(tooOld.joined(separator: ", ")))")
            hint: install python3, or set IMMUTABLE_PYTHON to its path
            """
        case .noVenvModule(let python, let version):
            """
            \(python) has no venv module with pip in it
            hint: on Debian and Ubuntu: apt install python\(version)-venv
            """
        case .indexUnreachable(let output):
            """
            pip could not get the local cloud's packages:
            \(output)
            hint: run again when the package index is reachable (pip's own settings apply: PIP_INDEX_URL, HTTPS_PROXY, …)
            """
        case .hashMismatch(let output):
            """
            the package index gave a file that isn't the pinned one; nothing was installed:
            \(output)
            hint: don't use that index, or that mirror, until you know why
            """
        case .environmentFailed(let step, let output):
            "making the local cloud's Python environment failed at \(step):\n\(output)\nhint: run it again"
        case .noProgram(let places):
            "a program of the local cloud is missing: it is none of \(places.joined(separator: ", "))\nhint: build again, and keep the executable's folder together"
        case .exited(let status, let logTail, let log):
            "the local cloud ended with status \(status) before it was ready:\n\(logTail)\nhint: its log is \(log)"
        case .notReady(let endpoint, let seconds, let logTail, let log):
            "the local cloud at \(endpoint) was not ready after \(seconds) s:\n\(logTail)\nhint: its log is \(log)"
        case .locked(let path, let waited):
            "another process has held \(path) for \(waited)\nhint: see what it is doing (fuser \(path)), then run again"
        case .unexpectedAnswer(let endpoint, let path, let status):
            "the local cloud at \(endpoint) answered \(path) with \(status)\nhint: its log says why"
        case .system(let call, let code):
            "\(call): \(String(cString: strerror(code)))"
        }
    }
}
