/// Who is asking, and a role's credentials for a web identity.
public struct STS: Sendable {
    public struct CallerIdentity: Sendable, Hashable {
        public var account: String
        public var arn: String
    }

    private let client: AWSClient

    public init(_ client: AWSClient) {
        self.client = client
    }

    public func callerIdentity() async throws -> CallerIdentity {
        let answer = try await client.query(.sts, "GetCallerIdentity", version: "2011-06-15", [])
        let result = answer.first("GetCallerIdentityResult")
        guard let account = result?.first("Account")?.text, let arn = result?.first("Arn")?.text else {
            throw UnexpectedAnswer(service: "STS", operation: "GetCallerIdentity", problem: "no account")
        }
        return CallerIdentity(account: account, arn: arn)
    }

    /// Unsigned: the token is the proof.
    /// - Parameter session: 2 to 64 letters, digits or `+=,.@-_`.
    public func assumeRoleWithWebIdentity(
        role: String, session: String, token: String
    ) async throws -> Credentials {
        let answer = try await client.query(
            .sts, "AssumeRoleWithWebIdentity", version: "2011-06-15",
            [("RoleArn", role), ("RoleSessionName", session), ("WebIdentityToken", token)], isSigned: false)
        let given = answer.at("AssumeRoleWithWebIdentityResult", "Credentials")
        guard let id = given?.first("AccessKeyId")?.text, let secret = given?.first("SecretAccessKey")?.text else {
            throw UnexpectedAnswer(service: "STS", operation: "AssumeRoleWithWebIdentity", problem: "no credentials")
        }
        return Credentials(
            accessKeyId: id, secretAccessKey: secret, sessionToken: given?.first("SessionToken")?.text,
            expiration: given?.first("Expiration").flatMap { parsedRFC3339($0.text) })
    }
}
