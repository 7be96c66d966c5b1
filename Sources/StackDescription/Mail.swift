/// How reactors send mail.
public struct Mail: Codable, Sendable, Hashable {
    /// The address that mail is sent from.
    public var sender: String

    /// By Amazon SES, where the sender's address or domain has to be verified.
    public static func ses(sender: String) -> Mail { Mail(sender: sender) }
}
