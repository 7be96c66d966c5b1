import EventSourcing
import Testing

@testable import PermitsFunctions

@Suite struct ReceiptMailerTests {
    private func effects(_ activity: String, caseId: String) -> [Effect] {
        ReceiptMailer.effects(
            of: StoredEvent(aggregateId: caseId, version: 1, eventId: "e", type: activity, data: "{}", at: "", origin: "r1"))
    }

    @Test func `only the confirmation's dispatch is mailed`() {
        let mail = Email(
            to: "applicant+case-10011@permits.example", subject: "Receipt for case-10011",
            body: "Your application was received. Its case is case-10011.\n")
        #expect(effects("T05 Print and send confirmation of receipt", caseId: "case-10011") == [.email(mail)])
        #expect(effects("Confirmation of receipt", caseId: "case-10011") == [])
        #expect(effects("t05 print and send confirmation of receipt", caseId: "case-10011") == [])
    }

    @Test(arguments: [
        ("case-1", "case-1"), ("a@b c\r\nd", "a-b-c--d"), ("é٣ª", "---"), ("", ""),
        (String(repeating: "x", count: 99), String(repeating: "x", count: 50)),
    ])
    func `a case's id is made fit for an address`(caseId: String, tag: String) {
        #expect(ReceiptMailer.mailTag(caseId) == tag)
    }
}
