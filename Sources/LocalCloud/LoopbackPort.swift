import Foundation

/// Ports of 127.0.0.1.
enum LoopbackPort {
    /// A port that nobody listens on, chosen by the system.
    static func free() throws -> Int { try bound(to: 0) }

    /// Throws `portInUse` if the port is taken.
    static func check(_ port: Int) throws {
        guard (1...65535).contains(port) else { throw LocalCloudError.badPort(port) }
        do {
            _ = try bound(to: UInt16(port))
        } catch LocalCloudError.system(_, EADDRINUSE) {
            throw LocalCloudError.portInUse(port)
        }
    }

    private static func bound(to port: UInt16) throws -> Int {
        let descriptor = try LoopbackSocket.make()
        defer { close(descriptor) }
        // A connection that was closed a moment ago doesn't count as a use.
        var yes: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        var address = LoopbackSocket.address(port: port)
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let code = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                bind(descriptor, generic, size) == 0 && getsockname(descriptor, generic, &size) == 0 ? 0 : errno
            }
        }
        guard code == 0 else { throw LocalCloudError.system(call: "bind 127.0.0.1:\(port)", code: code) }
        return Int(UInt16(bigEndian: address.sin_port))
    }
}
