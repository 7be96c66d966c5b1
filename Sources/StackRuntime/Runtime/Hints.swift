import EventSourcing
import EventStore
#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The streams that an invocation hints at. The bus is a hint only: nothing but the streams' ids is taken from it, and how far to read at once.
package struct Hints: Sendable, Decodable {
    /// In order of first appearance, each once.
    package let streams: [String]
    /// Events of the streams that came with a direct invocation, in order: they spare a read where they are the very next.
    let atHand: [String: [StoredEvent]]
    /// The last version of each stream that a record of the bus tells of: how far the stream is read at once, with others.
    let versions: [String: Int]
    /// Whether nothing after what is at hand is asked for.
    let toTheEnd: Bool
    /// Whether records of the bus hint, not a direct invocation.
    let areFromBus: Bool

    package init(
        _ streams: [String], atHand: [String: [StoredEvent]] = [:], versions: [String: Int] = [:], toTheEnd: Bool = false
    ) {
        self.streams = streams
        self.atHand = atHand
        self.versions = versions
        self.toTheEnd = toTheEnd
        areFromBus = !versions.isEmpty
    }

    /// Whether all that is asked for of a stream is up to `version`.
    func isWithin(_ version: Int, of stream: String) -> Bool { toTheEnd && (atHand[stream]?.last?.version ?? .max) <= version }

    /// Without what is at hand.
    var withoutEvents: Hints { Hints(streams, versions: versions) }

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
            struct Key: Decodable {
                var S: String?
                var N: String?

                enum CodingKeys: CodingKey { case S, N }

                init(from decoder: any Decoder) throws {
                    let values = try decoder.container(keyedBy: CodingKeys.self)
                    S = try? values.decode(String.self, forKey: .S)
                    N = try? values.decode(String.self, forKey: .N)
                }
            }
            var Keys: [String: Key]
        }
        var dynamodb: Body
    }

    /// Reads a batch of Kinesis records, or `{"streams": [...], "events": [...]}` of a direct invocation. Records of other shapes are passed over.
    package init(_ payload: [UInt8]) throws { self = try JSONDecoder().decode(Hints.self, from: Data(payload)) }

    package init(from decoder: any Decoder) throws {
        let body = try Payload(from: decoder)
        let records = JSONDecoder()
        var seen = Set<String>()
        var found: [String] = []
        var hinted: [String: Int] = [:]
        for id in body.streams ?? [] where seen.insert(id).inserted { found.append(id) }
        for record in body.Records ?? [] {
            guard let data = Data(base64Encoded: record.kinesis.data), let change = try? records.decode(Change.self, from: data),
                let id = change.dynamodb.Keys["aggregateId"]?.S
            else { continue }
            if seen.insert(id).inserted { found.append(id) }
            if let version = change.dynamodb.Keys["version"]?.N.flatMap({ Int($0) }) { hinted[id] = max(hinted[id] ?? 0, version) }
        }
        streams = found
        versions = hinted
        toTheEnd = false
        areFromBus = body.Records != nil
        atHand = Dictionary(grouping: (body.events ?? []).map(\.event), by: \.aggregateId)
    }
}
