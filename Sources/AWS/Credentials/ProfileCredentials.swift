import Foundation

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
            return try await CredentialProcess(command: command).credentials()
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
}

/// A command that prints credentials as JSON, `{"Version": 1, "AccessKeyId": …}`.
struct CredentialProcess: Sendable {
    static let deadline = Duration.seconds(60)

    var command: String

    func credentials() async throws -> Credentials {
        let output = try await run()
        guard let json = try? JSON(parsing: output), json["Version"].int == 1 else {
            throw CredentialsError(
                "credential_process '\(command)' printed no credentials",
                hint: "it must print one JSON object with \"Version\": 1")
        }
        return try Credentials(json: json, from: "credential_process '\(command)'")
    }

    private func run() async throws -> [UInt8] {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", command]
        let output = Pipe()
        process.standardOutput = output
        process.standardInput = FileHandle.nullDevice
        let identifier: Int32
        do {
            try process.run()
            identifier = process.processIdentifier
        } catch {
            throw CredentialsError("credential_process '\(command)' can't be run: \(error)", hint: "run it by hand")
        }
        let timer = Task {
            try await Task.sleep(for: Self.deadline)
            kill(identifier, SIGTERM)
        }
        defer { timer.cancel() }
        // Reading ends when the command closes its output, and then it ends, so that waiting is short. Its own thread, as both block.
        let reader = output.fileHandleForReading
        let (data, status) = await withCheckedContinuation { (done: CheckedContinuation<(Data, Int32), Never>) in
            let waiting = ProcessToWaitFor(process: process)
            Thread.detachNewThread {
                let data = reader.readDataToEndOfFile()
                waiting.process.waitUntilExit()
                done.resume(returning: (data, waiting.process.terminationStatus))
            }
        }
        guard status == 0 else {
            throw CredentialsError(
                "credential_process '\(command)' failed with status \(status)", hint: "run it by hand to see why")
        }
        return Array(data)
    }
}

/// The process is started before it is handed over, and touched by one thread only afterwards.
private struct ProcessToWaitFor: @unchecked Sendable {
    let process: Process
}
