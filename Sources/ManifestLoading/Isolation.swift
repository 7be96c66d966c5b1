import Foundation

/// Takes the network away from a program, where the system has a means that needs no privileges; else the program runs
/// as it is. Its environment is empty in any case.
struct Isolation: Sendable {
    private let prefix: [String]

    /// Found out once for each process.
    static let standard = Isolation()

    /// Whether programs really are without network.
    var isEffective: Bool { !prefix.isEmpty }

    private init() {
        #if os(macOS)
            let candidate = ["/usr/bin/sandbox-exec", "-p", "(version 1)(allow default)(deny network*)"]
        #else
            let candidate = ["/usr/bin/unshare", "--user", "--map-current-user", "--net", "--"]
        #endif
        prefix = Self.works(candidate) ? candidate : []
    }

    func isolating(_ program: String, _ arguments: [String]) -> (program: String, arguments: [String]) {
        guard let first = prefix.first else { return (program, arguments) }
        return (first, prefix.dropFirst() + [program] + arguments)
    }

    /// Containers and hardened kernels may refuse it.
    private static func works(_ prefix: [String]) -> Bool {
        guard let program = prefix.first, FileManager.default.isExecutableFile(atPath: program) else { return false }
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = prefix.dropFirst() + ["/bin/sh", "-c", ":"]
        process.environment = [:]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationReason == .exit && process.terminationStatus == 0
    }
}
