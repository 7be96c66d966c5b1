import Foundation
import TestSupport
import Testing
import Traffic

/// Clients of the orders API for one scenario, with the journals of all their runs.
struct OrdersTraffic {
    let cloud: Cloud
    private var journals: [URL] = []

    init(_ cloud: Cloud) { self.cloud = cloud }

    /// Starts another run of clients; each waits `think` between two requests.
    mutating func start(clients: Int, seed: UInt64, think: Duration) throws -> (traffic: Traffic, journal: Journal) {
        let file = cloud.scratch.appending(path: "journal-\(journals.count).jsonl")
        // Each run has customers of its own: clients check that a customer's list has nobody else's orders.
        let options = TrafficOptions(
            endpoint: cloud.instance.endpoint, domain: Cloud.ordersDomain, clients: clients, seed: seed,
            journalPath: Products.path(file), mailDomain: "run-\(journals.count).example.org")
        journals.append(file)
        let traffic = try Traffic(options)
        traffic.think(think)
        traffic.start()
        return (traffic, Journal(file: file))
    }

    /// Holds all journals against what is in the cloud, from the outside: all figures must be zero.
    func audit(_ release: String, sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let all = cloud.scratch.appending(path: "journal.jsonl")
        try journals.map { try Data(contentsOf: $0) }.reduce(Data(), +).write(to: all)
        let end = try await Child.start(
            cloud.instance.python,
            [
                "-B", Products.audit, "--endpoint", cloud.instance.endpoint, "--region", cloud.instance.region, "--stack", "orders",
                "--release", release, "--journal", Products.path(all), "--domain", Cloud.ordersDomain,
            ], environment: cloud.environment, scratch: cloud.scratch
        ).end()
        try #require(end.status == 0, "\(end)", sourceLocation: sourceLocation)
    }
}

/// What the clients wrote down of each request, read while they work.
struct Journal {
    struct Line: Decodable {
        var client: Int
        var kind: String
        var status: Int
        var sentAt: Double
        var answeredAt: Double
        var ok: Bool

        var isAcknowledgedWrite: Bool { ok && ["place", "pay", "ship", "cancel"].contains(kind) && (200..<300).contains(status) }
    }

    let file: URL

    func lines() throws -> [Line] {
        // The last line may be half written.
        let text = try String(contentsOf: file, encoding: .utf8)
        let end = text.lastIndex(of: "\n") ?? text.startIndex
        return try text[..<end].split(separator: "\n").map { try JSONDecoder().decode(Line.self, from: Data($0.utf8)) }
    }

    /// Returns when every client had a write acknowledged that it sent after `time`: a client that waits at a seal sends nothing else.
    func waitForWrites(after time: Date, clients: Int) async throws {
        try await until("every client writes again", within: .seconds(120), every: .milliseconds(100)) {
            let writing = try lines().filter { $0.isAcknowledgedWrite && $0.sentAt > time.timeIntervalSince1970 }
            return Set(writing.map(\.client)).count == clients
        }
    }

    /// In seconds, over the writes that were answered after `time`: how long their clients waited.
    func longestWrite(after time: Date) throws -> Double {
        try lines().filter { $0.isAcknowledgedWrite && $0.answeredAt > time.timeIntervalSince1970 }.map { $0.answeredAt - $0.sentAt }.max()
            ?? 0
    }
}
