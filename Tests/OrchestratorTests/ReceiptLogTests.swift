import EventSourcing
import Foundation
import Testing

@testable import Orchestrator

/// The receipt phase of a permit process in a Dutch municipality (DOI 10.4121/uuid:a07386a5-7be3-4367-9535-70bc9e77dbe6),
/// where it lies beside the project.
struct ReceiptLogTests {
    private static let path: String? = {
        var folder = URL(filePath: #filePath)
        while folder.pathComponents.count > 1 {
            folder.deleteLastPathComponent()
            guard FileManager.default.fileExists(atPath: folder.appending(path: "Package.swift").path(percentEncoded: false)) else {
                continue
            }
            let log = folder.appending(path: "../shared/data/receipt.csv").standardizedFileURL.path(percentEncoded: false)
            return FileManager.default.fileExists(atPath: log) ? log : nil
        }
        return nil
    }()

    private static let fields = HistoryFields(aggregate: "case:concept:name", type: "concept:name", time: "time:timestamp")

    @Test(.enabled(if: path != nil, "the receipt log lies beside the project"))
    func `a real log is read whole`() async throws {
        let file = try HistoryFile(path: try #require(Self.path), fields: Self.fields)
        var numbering = HistoryNumbering(fileDigest: try await file.digest())
        var reader = try file.reader()
        var longest = 0
        var ones = 0
        var types: Set<String> = []
        var ids: Set<String> = []
        var first: StoredEvent?
        while let line = try reader.next() {
            guard case .event(let event) = line else {
                Issue.record("\(line)")
                continue
            }
            let stored = numbering.number(event)
            first = first ?? stored
            longest = max(longest, stored.version)
            ones += stored.version == 1 ? 1 : 0
            types.insert(stored.type)
            ids.insert(stored.eventId)
        }
        #expect(numbering.events == 8577 && ids.count == 8577)
        #expect(numbering.streams == 1434 && ones == 1434)
        #expect(types.count == 27)
        #expect(longest == 25)
        #expect(reader.bytesRead == reader.bytesInAll)
        #expect(first?.position == "case-10011@1")
        #expect(first?.type == "Confirmation of receipt")
        #expect(first?.at == "2011-10-11T11:45:40.276000Z")
        #expect(
            first?.data == """
                {"case:channel":"Internet","case:deadline":"2011-12-06 13:41:31.788000+01:00","case:department":"General","case:enddate":"",\
                "case:enddate_planned":"2011-12-06 13:41:31.788000+01:00","case:group":"Group 2","case:responsible":"Resource21",\
                "case:startdate":"2011-10-11 13:42:22.688000+02:00","concept:instance":"task-42933","lifecycle:transition":"complete",\
                "org:group":"Group 1","org:resource":"Resource21"}
                """)
    }
}
