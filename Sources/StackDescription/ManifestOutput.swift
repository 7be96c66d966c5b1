#if canImport(Darwin)
    internal import Darwin
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Glibc
#endif
internal import Synchronization

/// Writes the manifest's stack when the manifest ends, to the file that `--immutable-output` names.
/// In a process that wasn't started with that argument nothing is kept and nothing is written.
enum ManifestOutput {
    static let argument = "--immutable-output"

    private static let path: String? = {
        let arguments = CommandLine.arguments
        guard let flag = arguments.firstIndex(of: argument), flag + 1 < arguments.count else { return nil }
        return arguments[flag + 1]
    }()

    private static let stacks = Mutex<[Stack]>([])

    static func register(_ stack: Stack) {
        guard path != nil else { return }
        let isFirst = stacks.withLock {
            $0.append(stack)
            return $0.count == 1
        }
        if isFirst { atexit { ManifestOutput.write() } }
    }

    private static func write() {
        guard let path else { return }
        do {
            let text = try Envelope(stacks: stacks.withLock { $0 }).json()
            guard let file = fopen(path, "w") else { return fail("can't write \(path)") }
            let written = fputs(text, file)
            guard fclose(file) == 0, written >= 0 else { return fail("can't write \(path)") }
        } catch {
            fail("\(error)")
        }
    }

    /// `exit` must not be called again while a process is exiting, `_exit` may.
    private static func fail(_ message: String) {
        print("error: the manifest can't be written as JSON: \(message)")
        fflush(nil)
        _exit(1)
    }
}
