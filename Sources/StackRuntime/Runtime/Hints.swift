import EventSourcing
import EventStore
#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The streams that an invocation hints at. The bus is a hint only: nothing but the stream's id is taken from it.
struct Hints: Sendable, Decodable {
    /// In order of first appearance, each once.
    let streams: [String]
    /// Events of the streams that came with a direct invocation, in order.
    let atHand: [String: [StoredEvent]]
    /// Whether records of the bus hint, not a direct invocation.
    let areFromBus: Bool

    private struct Payload: Decodable {
        struct Record: Decodable {
            struct Kinesis: Decodable { var data: String }
            var kinesis: Kinesis
        }
        var Records: [Record]?
        var streams: [String]?
        var events: [EventAtHand]?
    }

    /// The record that DynamoDB writes to Kinesis.
    private struct Change: Decodable {
        struct Body: Decodable {
            struct Text: Decodable { var S: String? }
            var Keys: [String: Text]
        }
        var dynamodb: Body
    }

    /// Reads a batch of Kinesis records, or `{"streams": [...], "events": [...]}` of a direct invocation. Records of other shapes are passed over.
    init(_ payload: [UInt8]) throws { self = try JSONDecoder().decode(Hints.self, from: Data(payload)) }

    init(from decoder: any Decoder) throws {
        let body = try Payload(from: decoder)
        let records = JSONDecoder()
        var seen = Set<String>()
        var found: [String] = []
        let fromBus = (body.Records ?? []).lazy.compactMap { record -> String? in
            guard let data = Data(base64Encoded: record.kinesis.data), let change = try? records.decode(Change.self, from: data) else {
                return nil
            }
            return change.dynamodb.Keys["aggregateId"]?.S
        }
        for id in body.streams ?? [] where seen.insert(id).inserted { found.append(id) }
        for id in fromBus where seen.insert(id).inserted { found.append(id) }
        streams = found
        areFromBus = body.Records != nil
        atHand = Dictionary(grouping: (body.events ?? []).map(\.event), by: \.aggregateId)
    }
}
