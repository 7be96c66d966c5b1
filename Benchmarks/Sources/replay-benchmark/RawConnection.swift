#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// One blocking HTTP/1.1 connection to a store on this machine, which does nothing but send bytes and read what comes back.
struct RawConnection: ~Copyable {
    private let port: UInt16
    private var socket: Int32
    private var buffer: [UInt8] = []
    private var chunk = [UInt8](repeating: 0, count: 256 * 1024)

    init(port: UInt16) throws {
        self.port = port
        socket = try Self.connected(port)
    }

    deinit { close(socket) }

    private static func connected(_ port: UInt16) throws -> Int32 {
        #if canImport(Glibc)
            let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        #else
            let socket = Darwin.socket(AF_INET, SOCK_STREAM, 0)
        #endif
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
        }
        guard result == 0 else {
            close(socket)
            throw Refusal("can't connect to 127.0.0.1:\(port)")
        }
        var on: Int32 = 1
        setsockopt(socket, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
        return socket
    }

    private struct Closed: Error {}

    /// Sends a whole request and reads the whole answer, whose status must be 200. Returns the first bytes of its body.
    ///
    /// A store closes connections that it finds idle: then the request goes over a new one, once.
    mutating func exchange(_ request: [UInt8]) throws -> String {
        do {
            return try exchangeOnce(request)
        } catch is Closed {
            close(socket)
            socket = try Self.connected(port)
            do { return try exchangeOnce(request) } catch is Closed { throw Refusal("the store closed the connection twice") }
        }
    }

    private mutating func exchangeOnce(_ request: [UInt8]) throws -> String {
        var sent = 0
        while sent < request.count {
            let count = request.withUnsafeBytes { send(socket, $0.baseAddress.map { $0 + sent }, request.count - sent, Self.flags) }
            guard count > 0 else { throw Closed() }
            sent += count
        }
        buffer.removeAll(keepingCapacity: true)
        let end = try headEnd()
        let head = String(decoding: buffer[..<end], as: UTF8.self)
        guard head.hasPrefix("HTTP/1.1 200") else { throw Refusal("the store answered: \(head.prefix(60))") }
        let body = end + 4
        let length = head.lowercased().split(separator: "\r\n").first { $0.hasPrefix("content-length:") }
        if let length = length?.split(separator: ":").last.flatMap({ Int($0.drop { $0 == " " }) }) {
            while buffer.count < body + length { try receive() }
        } else {
            while !buffer.suffix(5).elementsEqual("0\r\n\r\n".utf8) { try receive() }
        }
        return String(decoding: buffer[body..<min(body + 64, buffer.count)], as: UTF8.self)
    }

    #if canImport(Glibc)
        /// A closed connection is an error here, not a signal.
        private static let flags = Int32(MSG_NOSIGNAL)
    #else
        private static let flags: Int32 = 0
    #endif

    /// Where the head ends.
    private mutating func headEnd() throws -> Int {
        let mark = Array("\r\n\r\n".utf8)
        while true {
            try receive()
            guard buffer.count >= mark.count else { continue }
            let ends = 0...buffer.count - mark.count
            if let found = ends.first(where: { buffer[$0..<$0 + mark.count].elementsEqual(mark) }) { return found }
        }
    }

    private mutating func receive() throws {
        let count = chunk.withUnsafeMutableBytes { recv(socket, $0.baseAddress, $0.count, 0) }
        guard count > 0 else { throw Closed() }
        buffer.append(contentsOf: chunk[..<count])
    }
}
