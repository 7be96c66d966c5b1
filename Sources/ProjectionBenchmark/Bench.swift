import AWS
import EventSourcing
import EventStore
import Foundation
import LocalCloud

/// A local AWS for one run, and a store of one release in it.
struct Bench: Sendable {
    let dynamo: DynamoDB
    let recorder: Recorder
    let names = ReleaseNames(stack: "bench", release: "r1")

    static func running(_ body: (Bench) async throws -> Void) async throws {
        let instance = try await LocalCloud.start(.init(progress: { note($0) }))
        let result: Result<Void, any Error>
        do {
            let recorder = Recorder(base: AsyncHTTPTransport.shared)
            let client = AWSClient(
                AWSConfiguration(
                    region: instance.region, credentials: StaticCredentials(accessKeyId: "test", secretAccessKey: "test"),
                    endpoints: EndpointResolver(forAll: try Endpoint(instance.endpoint))), transport: recorder)
            result = .success(try await body(Bench(dynamo: DynamoDB(client), recorder: recorder)))
        } catch {
            result = .failure(error)
        }
        await instance.stop()
        try result.get()
    }

    static func note(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }

    func create(_ tables: DynamoDB.TableDefinition...) async throws {
        for table in tables {
            try await dynamo.deleteTable(table.name)
            try await dynamo.createTable(table)
        }
    }

    var events: DynamoDB.TableDefinition { .init(name: names.events, hashKey: .string("aggregateId"), rangeKey: .number("version")) }
    var cursors: DynamoDB.TableDefinition { .init(name: names.cursors, hashKey: .string("consumer")) }
    func model(_ name: String) -> DynamoDB.TableDefinition { .init(name: names.readModel(name), hashKey: .string("id")) }

    /// Events of `streams` streams, `mean` in the mean, of about 300 bytes: the lengths follow from the number of the stream.
    func fill(streams: Int, mean: Int) async throws -> [[StoredEvent]] {
        let all = (0..<streams).map { stream -> [StoredEvent] in
            let length = mean == 1 ? 1 : 1 + (stream &* 2_654_435_761) % (2 * mean - 1)
            return (1...length).map { version in
                StoredEvent(
                    aggregateId: "stream-\(stream)", version: version, eventId: "e-\(stream)-\(version)", type: "Happened",
                    data:
                        #"{"amount":"\#(version).50","customer":{"email":"c\#(stream)@bench.example","name":"Ada Lovelace"},"note":"\#(String(repeating: "x", count: 80))"}"#,
                    meta: #"{"command":"c-\#(stream)-\#(version)"}"#, at: "2026-01-01T00:00:00.000000Z", origin: "r1")
            }
        }
        try await inParallel(all.chunks(of: 500)) { some in try await dynamo.batchPut(names.events, some.flatMap { $0 }.map(\.item)) }
        return all
    }
}

/// Runs `body` for each element, four at a time.
func inParallel<T: Sendable>(_ all: [T], width: Int = 4, _ body: @escaping @Sendable (T) async throws -> Void) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
        var waiting = all.makeIterator()
        func startNext() {
            guard let next = waiting.next() else { return }
            group.addTask { try await body(next) }
        }
        for _ in 0..<width { startNext() }
        while try await group.next() != nil { startNext() }
    }
}

/// Seconds that `body` takes.
func seconds(_ body: () async throws -> Void) async rethrows -> Double {
    let start = ContinuousClock.now
    try await body()
    return (ContinuousClock.now - start) / .seconds(1)
}

/// The most memory that this process has had, in bytes (`ru_maxrss` of getrusage(2), KiB on Linux).
var peakMemory: Int {
    var usage = rusage()
    #if os(Linux)
        return getrusage(RUSAGE_SELF.rawValue, &usage) == 0 ? usage.ru_maxrss * 1_024 : 0
    #else
        return getrusage(RUSAGE_SELF, &usage) == 0 ? usage.ru_maxrss : 0
    #endif
}

func rounded(_ value: Double) -> String { String(Int(value.rounded())) }
