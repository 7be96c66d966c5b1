import Foundation
import Synchronization

/// The pipe that ties a server's life to ours. As long as we hold its write end the server runs; the system closes it
/// for us if we die.
struct Tether: Sendable {
    let readEnd: Int32
    private let writeEnd: Int32

    init() throws {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw LocalCloudError.system(call: "pipe", code: errno) }
        readEnd = ends[0]
        writeEnd = ends[1]
        // Another process that inherited the write end would keep the server alive after us.
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    }

    /// The server has its own copy by now.
    func closeReadEnd() { close(readEnd) }

    /// Lets the server live on without us.
    func release() {
        var byte: UInt8 = 1
        _ = write(writeEnd, &byte, 1)
        close(writeEnd)
    }

    /// Ends the server.
    func cut() { close(writeEnd) }

    private static let kept = Mutex<[Int32: Tether]>([:])

    /// Holds the tether until `cut(pid)` or our end.
    static func keep(_ tether: Tether, for pid: Int32) {
        kept.withLock { $0[pid] = tether }
    }

    static func cut(_ pid: Int32) {
        kept.withLock { $0.removeValue(forKey: pid) }?.cut()
    }
}
