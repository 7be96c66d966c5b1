import Foundation

/// The most memory that this process has had.
enum PeakMemory {
    /// Resident bytes: `ru_maxrss` of getrusage(2), which Linux tells in KiB and Darwin in bytes.
    static var bytes: Int {
        var usage = rusage()
        #if os(Linux)
            guard getrusage(RUSAGE_SELF.rawValue, &usage) == 0 else { return 0 }
            return usage.ru_maxrss * 1_024
        #else
            guard getrusage(RUSAGE_SELF, &usage) == 0 else { return 0 }
            return usage.ru_maxrss
        #endif
    }
}
