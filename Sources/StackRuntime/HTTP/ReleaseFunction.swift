import EventSourcing
#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Answers `GET /.well-known/immutable-release`, a retired route with 410, and every route that nothing else answers with 404.
struct ReleaseFunction: InvocationHandler {
    let context: ReleaseContext

    func handle(_ payload: [UInt8], _ invocation: Invocation) async throws -> [UInt8] {
        let event = try JSONDecoder().decode(HTTPEvent.self, from: Data(payload))
        let isWellKnown = event.method == "GET" && event.paths.contains("/.well-known/immutable-release")
        let answer: Answer
        if isWellKnown {
            answer = Answer(200, ["stack": .string(context.stack), "release": .string(context.release)])
        } else if let route = event.routeKey, route != "$default" {
            answer = .error(410, "\(route) is no longer served")
        } else {
            answer = .error(404, "no such route: \(event.method) \(event.rawPath)")
        }
        return try HTTPAnswer(answer, release: context.release).encoded()
    }
}
