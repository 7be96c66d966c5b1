/// Runs the shell command of a profile's `credential_process` and returns what it printed.
public typealias CredentialCommand = @Sendable (String) async throws -> [UInt8]

/// What the providers of the chain need to know.
struct CredentialContext: Sendable {
    var environment: [String: String]
    var profiles: ProfileFiles
    var region: String
    var endpoints: EndpointResolver
    var transport: any HTTPTransport
    /// `nil` in programs that start no others.
    var run: CredentialCommand?

    func variable(_ name: String) -> String? {
        environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }
}

/// One place to look in.
protocol CredentialSource: Sendable {
    /// For the list of places that were looked in.
    var place: String { get }
    /// nil where this place isn't set up; an error where it is and doesn't work.
    func find() async throws -> Credentials?
}

/// Asks one place after the other. The first that is set up is used, and its failure is the chain's.
struct CredentialChain: CredentialProvider {
    var sources: [any CredentialSource]

    static func standard(_ context: CredentialContext) -> CredentialChain {
        CredentialChain(sources: [
            EnvironmentCredentials(context: context),
            WebIdentityCredentials(context: context),
            ProfileCredentials(context: context),
            ContainerCredentials(context: context),
            InstanceMetadataCredentials(context: context),
        ])
    }

    func credentials() async throws -> Credentials {
        for source in sources {
            if let found = try await source.find() { return found }
        }
        throw CredentialsError(
            "no AWS credentials; looked in: \(sources.map(\.place).joined(separator: ", "))",
            hint: "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE")
    }
}

struct EnvironmentCredentials: CredentialSource {
    var context: CredentialContext
    let place = "the environment"

    func find() async throws -> Credentials? {
        guard let id = context.variable("AWS_ACCESS_KEY_ID") else { return nil }
        guard let secret = context.variable("AWS_SECRET_ACCESS_KEY") else {
            throw CredentialsError("AWS_ACCESS_KEY_ID is set, AWS_SECRET_ACCESS_KEY is not", hint: "set both")
        }
        return Credentials(
            accessKeyId: id, secretAccessKey: secret, sessionToken: context.variable("AWS_SESSION_TOKEN"))
    }
}
