import AWS
import EventSourcing
import EventStore
#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Hands a request to the release that owns the writes, so that no client notices a handover before API Gateway does.
struct Forwarder: Sendable {
    private let context: ReleaseContext
    private let routes = RouteCache()

    /// For one try: the owner may wait for the end of a handover of its own. A function has the time for another.
    private static let patience = HandoverRecord.timeLimit + 1

    init(context: ReleaseContext) { self.context = context }

    /// Invokes the function that serves the same method and path there, and returns its answer; `nil` where the writes had left that release.
    func forward(_ event: HTTPEvent, command: String, to owner: String, _ invocation: Invocation) async throws -> HTTPAnswer? {
        var forwarded = event
        forwarded.immutable = .init(from: context.release, command: command)
        let payload = Array(try JSONEncoder().encode(forwarded))
        let lambda = Lambda(context.aws)
        var pause = Pause(clock: context.dynamo.clock)
        while true {
            // The command's id makes a second delivery harmless.
            let timeout = max(1, min(invocation.remaining(), Self.patience))
            let function: String
            let result: Lambda.InvokeResult
            do {
                function = try await self.function(for: event, in: owner)
                result = try await lambda.invoke(function, payload: payload, timeout: .milliseconds(Int(timeout * 1_000)))
            } catch let error where error.isPassing && invocation.remaining() > 1 {
                try await pause.growing()
                continue
            }
            if result.hasDied, invocation.remaining() > 1 {
                try await pause.growing()
                continue
            }
            guard result.functionError == nil, var answer = try? JSONDecoder().decode(HTTPAnswer.self, from: Data(result.payload)) else {
                throw ForwardFailed(function: function, reason: String(decoding: result.payload.prefix(500), as: UTF8.self))
            }
            if answer.movedTo != nil { return nil }
            answer.headers["x-immutable-release"] = context.release
            answer.headers["x-immutable-forwarded-to"] = owner
            return answer
        }
    }

    /// Reads what a later ``forward(_:command:to:_:)`` needs of `owner`: while a request waits, so that it needn't wait for it afterwards.
    func prepare(for owner: String) async throws { _ = try await table(of: owner) }

    private func table(of owner: String) async throws -> [(Route, String)] {
        try await routes.of(owner) {
            let key: Item = ["stack": .s(context.stack), "item": .s("release#\(owner)")]
            let item = try await context.dynamo.getItem(StackNames.control, key, attributes: ["routes"])
            return try (item?["routes"]?.map ?? [:]).compactMap { route, function in
                try function.string.map { (try Route(route), $0) }
            }
        }
    }

    private func function(for event: HTTPEvent, in owner: String) async throws -> String {
        let table = try await table(of: owner)
        let matching = table.filter { $0.0.match(event) != nil }
        guard let found = matching.first(where: { route in !matching.contains { $0.0.precedes(route.0) } }) else {
            throw ForwardFailed(
                function: "\(context.stack)-\(owner)", reason: "release \(owner) serves no \(event.method) \(event.rawPath)")
        }
        return found.1
    }
}

/// The routes of other releases. A release never changes, so they are read once.
private actor RouteCache {
    private var tables: [String: [(Route, String)]] = [:]

    func of(_ release: String, _ load: () async throws -> [(Route, String)]) async throws -> [(Route, String)] {
        if let table = tables[release] { return table }
        let table = try await load()
        if !table.isEmpty { tables[release] = table }
        return table
    }
}

/// A request that the owner of the writes didn't answer.
struct ForwardFailed: Error, CustomStringConvertible {
    var function: String
    var reason: String

    var description: String { "forwarding to '\(function)' failed: \(reason)" }
}
