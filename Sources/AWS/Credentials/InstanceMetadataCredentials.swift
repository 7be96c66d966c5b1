#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// An EC2 instance's role, by the instance metadata service, version 2 (session token). `AWS_EC2_METADATA_DISABLED=true` turns it off;
/// `AWS_EC2_METADATA_SERVICE_ENDPOINT` moves it.
struct InstanceMetadataCredentials: CredentialSource {
    /// The first request decides whether this is an instance at all.
    static let timeout = Duration.seconds(1)
    static let path = "/latest/meta-data/iam/security-credentials/"

    var context: CredentialContext
    let place = "EC2 instance metadata"

    func find() async throws -> Credentials? {
        guard context.variable("AWS_EC2_METADATA_DISABLED")?.lowercased() != "true" else { return nil }
        var endpoint = context.variable("AWS_EC2_METADATA_SERVICE_ENDPOINT") ?? "http://169.254.169.254"
        while endpoint.hasSuffix("/") { endpoint.removeLast() }
        let tokenRequest = HTTPRequest(
            method: "PUT", url: endpoint + "/latest/api/token",
            headers: ["x-aws-ec2-metadata-token-ttl-seconds": "21600"])
        let token: HTTPResponse
        do {
            token = try await context.transport.send(tokenRequest, timeout: Self.timeout)
        } catch is TransportError {
            return nil
        }
        guard token.statusCode == 200 else { return nil }
        let headers: HTTPHeaders = ["x-aws-ec2-metadata-token": String(decoding: token.body, as: UTF8.self)]

        let metadata = MetadataEndpoint(context: context, place: place)
        let roles = try await metadata.send(
            HTTPRequest(url: endpoint + Self.path, headers: headers), timeout: .seconds(5))
        guard let role = String(decoding: roles.body, as: UTF8.self).split(whereSeparator: \.isNewline).first else {
            return nil
        }
        let answer = try await metadata.send(
            HTTPRequest(url: endpoint + Self.path + String(role), headers: headers), timeout: .seconds(5))
        return try Credentials(json: try JSON(parsing: answer.body), from: place)
    }
}
