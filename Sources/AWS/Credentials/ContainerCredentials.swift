#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// ECS, EKS Pod Identity and Greengrass: `AWS_CONTAINER_CREDENTIALS_RELATIVE_URI` (on 169.254.170.2) or `_FULL_URI`, with the token of
/// `AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE` or `AWS_CONTAINER_AUTHORIZATION_TOKEN`.
struct ContainerCredentials: CredentialSource {
    var context: CredentialContext
    let place = "AWS_CONTAINER_CREDENTIALS_FULL_URI"

    func find() async throws -> Credentials? {
        let url: String
        if let relative = context.variable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI") {
            url = "http://169.254.170.2" + relative
        } else if let full = context.variable("AWS_CONTAINER_CREDENTIALS_FULL_URI") {
            guard Self.isTrusted(full) else {
                throw CredentialsError(
                    "AWS_CONTAINER_CREDENTIALS_FULL_URI is '\(full)'",
                    hint: "it must be https, this machine, 169.254.170.2 or 169.254.170.23")
            }
            url = full
        } else {
            return nil
        }
        var request = HTTPRequest(url: url, headers: ["accept": "application/json"])
        if let token = try token() { request.headers["authorization"] = token }
        let metadata = MetadataEndpoint(context: context, place: "the container's endpoint \(url)")
        let answer = try await metadata.send(request, timeout: .seconds(2))
        return try Credentials(json: try JSON(parsing: answer.body), from: metadata.place)
    }

    private func token() throws -> String? {
        guard let file = context.variable("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE") else {
            return context.variable("AWS_CONTAINER_AUTHORIZATION_TOKEN")
        }
        guard let data = FileManager.default.contents(atPath: file) else {
            throw CredentialsError("can't read the token in \(file)", hint: "check the file")
        }
        return String(decoding: data, as: UTF8.self).trimmed
    }

    /// Over plain HTTP only to where no other machine can listen.
    static func isTrusted(_ url: String) -> Bool {
        guard let parts = URLComponents(string: url), let host = parts.host else { return false }
        if parts.scheme == "https" { return true }
        let known = ["localhost", "::1", "[::1]", "169.254.170.2", "169.254.170.23", "fd00:ec2::23", "[fd00:ec2::23]"]
        let isLoopback = host.hasPrefix("127.") && host.split(separator: ".").count == 4 && !host.contains { $0.isLetter }
        return parts.scheme == "http" && (known.contains(host) || isLoopback)
    }
}

/// Requests to an endpoint beside the program: small, unsigned, tried three times.
struct MetadataEndpoint: Sendable {
    var context: CredentialContext
    var place: String

    func send(_ request: HTTPRequest, timeout: Duration) async throws -> HTTPResponse {
        var problem = ""
        for attempt in 1...3 {
            do {
                let answer = try await context.transport.send(request, timeout: timeout)
                if answer.statusCode == 200 { return answer }
                problem = "HTTP \(answer.statusCode) \(String(decoding: answer.body.prefix(200), as: UTF8.self))"
                if answer.statusCode < 500, answer.statusCode != 429 { break }
            } catch let error as TransportError {
                problem = error.description
            }
            if attempt < 3 { try await Task.sleep(for: .milliseconds(100 * attempt)) }
        }
        throw CredentialsError("\(place) gave no credentials: \(problem)", hint: "check that a role is attached")
    }
}
