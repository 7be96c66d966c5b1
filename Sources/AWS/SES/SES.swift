/// SES v2: sending mail.
public struct SES: Sendable {
    private let client: AWSClient

    public init(_ client: AWSClient) {
        self.client = client
    }

    /// A plain text mail. SES knows no idempotency token, so it is only sent again where it was certainly not sent before.
    /// - Returns: the message's id.
    /// - Throws: `AWSError`: not sent. `ConnectionError`: may have been sent, unless it `wasCertainlyNotSent`.
    @discardableResult
    public func sendEmail(from: String, to: [String], subject: String, text: String) async throws -> String {
        let body: [String: JSON] = [
            "FromEmailAddress": .string(from),
            "Destination": ["ToAddresses": .strings(to)],
            "Content": [
                "Simple": [
                    "Subject": ["Data": .string(subject), "Charset": "UTF-8"],
                    "Body": ["Text": ["Data": .string(text), "Charset": "UTF-8"]],
                ]
            ],
        ]
        let answer = try await client.rest(
            .ses, "SendEmail", "POST", "/v2/email/outbound-emails", body, retry: .whenUnsent)
        return answer["MessageId"].string ?? ""
    }

    /// Whether mail may be sent from this address; `nil` where SES doesn't know it.
    public func isVerified(_ identity: String) async throws -> Bool? {
        do {
            let path = "/v2/email/identities/\(identity.percentEncoded())"
            return try await client.rest(.ses, "GetEmailIdentity", "GET", path)["VerifiedForSendingStatus"].bool ?? false
        } catch let error as AWSError where error.isNotFound {
            return nil
        }
    }

    /// Asks for an address or domain to be verified: AWS writes to the address, or waits for DNS records. Nothing happens where that was done.
    public func createEmailIdentity(_ identity: String) async throws {
        do {
            _ = try await client.rest(
                .ses, "CreateEmailIdentity", "POST", "/v2/email/identities", ["EmailIdentity": .string(identity)])
        } catch let error as AWSError where error.isAlreadyExists {}
    }
}
