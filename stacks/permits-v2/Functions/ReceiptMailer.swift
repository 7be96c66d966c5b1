import EventSourcing

/// Mails the applicant when the confirmation of receipt is printed and sent.
enum ReceiptMailer: Reactor {
    static let activity = "T05 Print and send confirmation of receipt"

    static func effects(of event: StoredEvent) -> [Effect] {
        guard event.type == activity else { return [] }
        let caseId = FileID(event.aggregateId).caseId
        return [
            .email(
                Email(
                    to: "applicant+\(mailTag(caseId))@permits.example",
                    subject: "Receipt for \(caseId)",
                    body: "Your application was received. Its case is \(caseId).\n"
                ))
        ]
    }

    /// ASCII letters and digits as they are, all else as `-`; at most 50 of them, as a mailbox's name has 64 bytes (RFC 5321, 4.5.3.1.1).
    static func mailTag(_ caseId: String) -> String {
        String(
            caseId.unicodeScalars.prefix(50).map { scalar in
                scalar.isASCII && scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) ? Character(scalar) : "-"
            })
    }
}
