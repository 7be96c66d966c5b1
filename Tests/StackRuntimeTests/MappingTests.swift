import EventSourcing
import EventStore
import Foundation
import Testing

@testable import StackRuntime

private enum Doubled: DocumentMapping {
    struct Live: Decodable { var total: Int }
    struct Expected: Encodable { var amount: Int }

    static func expected(from live: Live, id: String) -> Expected? { live.total == 0 ? nil : Expected(amount: live.total * 2) }
}

@Suite struct MappingTests {
    private func answer(_ documents: [MappingOrder.Document]) async throws -> MappingOrder {
        let payload = Array(try StableJSON.encode(MappingOrder(documents: documents)).utf8)
        let invocation = Invocation(requestId: "1", deadline: Date(timeIntervalSinceNow: 10))
        let bytes = try await MappingFunction(mapping: AnyMapping(Doubled.self)).handle(payload, invocation)
        return try JSONDecoder().decode(MappingOrder.self, from: Data(bytes))
    }

    @Test func `a mapping answers what is expected, and leaves out what is to be absent`() async throws {
        let answer = try await answer([
            .init(id: "a", fields: ["id": "a", "total": 20]), .init(id: "b", fields: ["id": "b", "total": 0]),
        ])
        #expect(answer.documents == [.init(id: "a", fields: ["id": "a", "amount": 40])])
    }

    @Test func `a document that a mapping can't take is named`() async throws {
        let error = await #expect(throws: MappingFailed.self) { try await answer([.init(id: "a", fields: ["total": "x"])]) }
        #expect(error?.description.hasPrefix("mapping 'Doubled' can't map document 'a': ") == true)
    }
}
