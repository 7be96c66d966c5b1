#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension Credentials {
    /// Reads what containers, instance metadata and credential processes give: `AccessKeyId`, `SecretAccessKey`, `Token` or
    /// `SessionToken`, `Expiration` (RFC 3339).
    init(json: JSON, from place: String) throws {
        guard let id = json["AccessKeyId"].string, let secret = json["SecretAccessKey"].string, !id.isEmpty else {
            let code = json["Code"].string ?? json["code"].string
            let message = json["Message"].string ?? json["message"].string
            let said = [code, message].compactMap { $0 }.joined(separator: ": ")
            throw CredentialsError(
                "\(place) gave no credentials" + (said.isEmpty ? "" : ": \(said)"), hint: "check what is set up there")
        }
        let expiration = json["Expiration"].string
        let date = expiration.flatMap(parsedRFC3339)
        if let expiration, date == nil {
            throw CredentialsError("\(place) gave the expiration '\(expiration)'", hint: "it must be RFC 3339")
        }
        self.init(
            accessKeyId: id, secretAccessKey: secret,
            sessionToken: json["Token"].string ?? json["SessionToken"].string, expiration: date)
    }
}

/// With or without fractional seconds.
func parsedRFC3339(_ text: String) -> Date? {
    (try? Date(text, strategy: .iso8601)) ?? (try? Date(text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true)))
}
