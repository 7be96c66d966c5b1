/// The selected profile: keys, or a `credential_process`.
struct ProfileCredentials: CredentialSource {
    var context: CredentialContext

    var place: String {
        "the profile '\(context.profiles.selectedName)' of \(context.profiles.credentialsPath) and \(context.profiles.configPath)"
    }

    func find() async throws -> Credentials? {
        guard let profile = try context.profiles.selected() else { return nil }
        if let id = profile["aws_access_key_id"], let secret = profile["aws_secret_access_key"] {
            return Credentials(
                accessKeyId: id, secretAccessKey: secret, sessionToken: profile["aws_session_token"])
        }
        if let command = profile["credential_process"] {
            return try await credentials(of: command)
        }
        let unsupported = ["sso_session", "sso_start_url", "role_arn", "login_session"].first { profile[$0] != nil }
        if let unsupported {
            throw CredentialsError(
                "the profile '\(profile.name)' uses \(unsupported), which is not supported directly",
                hint: "add a profile with: credential_process = aws configure export-credentials "
                    + "--profile \(profile.name) --format process")
        }
        return nil
    }

    private func credentials(of command: String) async throws -> Credentials {
        guard let run = context.run else {
            throw CredentialsError(
                "the profile '\(context.profiles.selectedName)' uses credential_process, and this program starts no others",
                hint: "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY")
        }
        let output = try await run(command)
        guard let json = try? JSON(parsing: output), json["Version"].int == 1 else {
            throw CredentialsError(
                "credential_process '\(command)' printed no credentials",
                hint: "it must print one JSON object with \"Version\": 1")
        }
        return try Credentials(json: json, from: "credential_process '\(command)'")
    }
}
