#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A token file, exchanged with STS for a role's credentials (CI systems, EKS): `AWS_WEB_IDENTITY_TOKEN_FILE`, `AWS_ROLE_ARN`,
/// `AWS_ROLE_SESSION_NAME`, or the profile's settings of the same meaning.
struct WebIdentityCredentials: CredentialSource {
    var context: CredentialContext
    let place = "AWS_WEB_IDENTITY_TOKEN_FILE"

    func find() async throws -> Credentials? {
        let profile = try context.profiles.selected()
        guard let file = context.variable("AWS_WEB_IDENTITY_TOKEN_FILE") ?? profile?["web_identity_token_file"] else {
            return nil
        }
        guard let role = context.variable("AWS_ROLE_ARN") ?? profile?["role_arn"] else {
            throw CredentialsError("AWS_WEB_IDENTITY_TOKEN_FILE is set, AWS_ROLE_ARN is not", hint: "set both")
        }
        guard let token = FileManager.default.contents(atPath: file) else {
            throw CredentialsError("can't read the web identity token in \(file)", hint: "check the file")
        }
        let configuration = AWSConfiguration(
            region: context.region, credentials: NoCredentials(), endpoints: context.endpoints)
        let sts = STS(AWSClient(configuration, transport: context.transport))
        let session =
            context.variable("AWS_ROLE_SESSION_NAME") ?? profile?["role_session_name"] ?? "immutable-stack"
        do {
            return try await sts.assumeRoleWithWebIdentity(
                role: role, session: session,
                token: String(decoding: token, as: UTF8.self).trimmed)
        } catch let error as AWSError {
            throw CredentialsError(
                "the web identity token in \(file) was not accepted for \(role): \(error)",
                hint: "check the role's trust policy, and that the token is fresh")
        }
    }
}

/// For requests that are not signed.
private struct NoCredentials: CredentialProvider {
    func credentials() async throws -> Credentials {
        throw CredentialsError("this request needs no credentials", hint: "send it unsigned")
    }
}
