#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The function's log: Lambda carries what is written there to CloudWatch.
enum StandardError {
    /// One line in one write, so that lines of concurrent writers don't mix.
    static func write(line: String) {
        var bytes = Array((line + "\n").utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { platformWrite($0) }
            if count <= 0 { return }
            bytes = bytes.dropFirst(count)
        }
    }

    private static func platformWrite(_ bytes: UnsafeRawBufferPointer) -> Int {
        #if canImport(Glibc)
            Glibc.write(STDERR_FILENO, bytes.baseAddress, bytes.count)
        #else
            Darwin.write(STDERR_FILENO, bytes.baseAddress, bytes.count)
        #endif
    }
}
