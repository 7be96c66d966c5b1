#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Keys to sign with. Never printed with their secrets.
public struct Credentials: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var accessKeyId: String
    public var secretAccessKey: String
    public var sessionToken: String?
    /// nil: as long as they are not withdrawn.
    public var expiration: Date?

    public init(accessKeyId: String, secretAccessKey: String, sessionToken: String? = nil, expiration: Date? = nil) {
        self.accessKeyId = accessKeyId
        self.secretAccessKey = secretAccessKey
        self.sessionToken = sessionToken
        self.expiration = expiration
    }

    public var description: String { "credentials of \(accessKeyId)" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: ["accessKeyId": accessKeyId]) }
}

/// A place where credentials come from.
public protocol CredentialProvider: Sendable {
    /// Asked before each try of each request.
    func credentials() async throws -> Credentials
    /// A service has refused these as expired: don't give them out again if there are others to be had.
    func discard(_ refused: Credentials) async
}

extension CredentialProvider {
    public func discard(_ refused: Credentials) async {}
}

/// Always the same keys.
public struct StaticCredentials: CredentialProvider {
    private let value: Credentials

    public init(_ value: Credentials) {
        self.value = value
    }

    public init(accessKeyId: String, secretAccessKey: String, sessionToken: String? = nil) {
        value = Credentials(
            accessKeyId: accessKeyId, secretAccessKey: secretAccessKey, sessionToken: sessionToken)
    }

    public func credentials() async throws -> Credentials { value }
}

/// No usable credentials.
public struct CredentialsError: Error, Sendable, Hashable, CustomStringConvertible {
    public var problem: String
    public var hint: String

    public init(_ problem: String, hint: String) {
        self.problem = problem
        self.hint = hint
    }

    public var description: String { "\(problem); \(hint)" }
}
