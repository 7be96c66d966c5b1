import Foundation

/// One HTTP request to a loopback port, of which only the status is of interest. Unlike `URLSession` it never goes by a
/// proxy of the environment.
struct LoopbackHTTP: Sendable {
    let port: Int

    /// - Parameter timeout: in seconds, for each read and write.
    /// - Returns: the answer's status.
    func send(_ method: String, _ path: String, timeout: Int) async throws -> Int {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(with: Result { try sendBlocking(method, path, timeout: timeout) })
            }
        }
    }

    private func sendBlocking(_ method: String, _ path: String, timeout: Int) throws -> Int {
        let descriptor = try LoopbackSocket.connect(port: port, timeout: timeout)
        defer { close(descriptor) }
        let request = Array(
            "\(method) \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".utf8)
        var sent = 0
        while sent < request.count {
            let count = request[sent...].withUnsafeBytes {
                Foundation.send(descriptor, $0.baseAddress, $0.count, LoopbackSocket.noSignal)
            }
            guard count > 0 else { throw LocalCloudError.system(call: "send", code: errno) }
            sent += count
        }
        var answer: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while !answer.contains(UInt8(ascii: "\n")) {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count > 0 else { throw LocalCloudError.system(call: "recv", code: count == 0 ? ECONNRESET : errno) }
            answer += buffer.prefix(count)
        }
        let words = String(decoding: answer, as: UTF8.self).split(separator: " ", maxSplits: 2)
        guard words.count > 1, words[0].hasPrefix("HTTP/"), let status = Int(words[1].prefix(3)) else {
            throw LocalCloudError.system(call: "read an HTTP answer", code: EPROTO)
        }
        return status
    }
}
