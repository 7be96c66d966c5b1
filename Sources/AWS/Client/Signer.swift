import Crypto
#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// AWS Signature Version 4.
struct Signer: Sendable {
    var service: String
    var region: String

    /// What is signed. Header names may have any case; all fields given are signed.
    struct Message: Sendable {
        var method: String
        var path: String
        var query: [(name: String, value: String)] = []
        var headers: HTTPHeaders
        var payloadHash: String
    }

    /// The value of the `authorization` header. `message.headers` hold `host` and `x-amz-date` already.
    func authorization(for message: Message, credentials: Credentials, date: AmazonDate) -> String {
        let (canonical, signedHeaders) = canonicalRequest(message)
        let scope = "\(date.day)/\(region)/\(service)/aws4_request"
        let toSign = "AWS4-HMAC-SHA256\n\(date.stamp)\n\(scope)\n\(hexadecimal(SHA256.hash(data: Data(canonical.utf8))))"
        let key = signingKey(secret: credentials.secretAccessKey, day: date.day)
        let signature = hexadecimal(HMAC<SHA256>.authenticationCode(for: Data(toSign.utf8), using: key))
        return "AWS4-HMAC-SHA256 Credential=\(credentials.accessKeyId)/\(scope), "
            + "SignedHeaders=\(signedHeaders), Signature=\(signature)"
    }

    func canonicalRequest(_ message: Message) -> (text: String, signedHeaders: String) {
        var values: [String: [String]] = [:]
        for field in message.headers.fields {
            values[field.name.lowercased(), default: []].append(Self.trimmed(field.value))
        }
        let names = values.keys.sorted()
        let headers = names.map { "\($0):\((values[$0] ?? []).joined(separator: ","))\n" }.joined()
        let signedHeaders = names.joined(separator: ";")
        let query = message.query
            .map { ($0.name.percentEncoded(), $0.value.percentEncoded()) }
            .sorted { $0 < $1 }
            .map { "\($0.0)=\($0.1)" }
            .joined(separator: "&")
        let path = Self.normalised(message.path).percentEncoded(keepingSlashes: true)
        let text = [message.method, path, query, headers, signedHeaders, message.payloadHash].joined(separator: "\n")
        return (text, signedHeaders)
    }

    func signingKey(secret: String, day: String) -> SymmetricKey {
        var key = SymmetricKey(data: Data("AWS4\(secret)".utf8))
        for part in [day, region, service, "aws4_request"] {
            key = SymmetricKey(data: HMAC<SHA256>.authenticationCode(for: Data(part.utf8), using: key))
        }
        return key
    }

    static func payloadHash(_ body: [UInt8]) -> String {
        hexadecimal(SHA256.hash(data: body))
    }

    /// Spaces at the ends go, runs of them become one.
    private static func trimmed(_ value: String) -> String {
        value.split(separator: " ", omittingEmptySubsequences: true).joined(separator: " ")
    }

    /// Without empty, `.` and `..` segments.
    private static func normalised(_ path: String) -> String {
        var segments: [Substring] = []
        for segment in path.split(separator: "/", omittingEmptySubsequences: true) where segment != "." {
            if segment == ".." { _ = segments.popLast() } else { segments.append(segment) }
        }
        let isFolder = path.hasSuffix("/") || path.hasSuffix("/.") || path.hasSuffix("/..")
        return "/" + segments.joined(separator: "/") + (isFolder && !segments.isEmpty ? "/" : "")
    }
}

private func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    text.reserveCapacity(64)
    for byte in bytes {
        text.append(digits[Int(byte >> 4)])
        text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
}
