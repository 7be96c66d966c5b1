import AWS
import Foundation

/// Lambda, where a closure answers as a function would. What else is asked for goes on.
struct StubbedFunctions: HTTPTransport {
    enum Answer: Sendable {
        case json(String)
        case failure(type: String, String)
    }

    /// What projectors and replicators are asked, whichever it is.
    struct Asked: Decodable {
        struct Touched: Decodable {
            var stream: String
            var after: Int
        }
        struct Touching: Decodable {
            var document: String
            var stream: String
        }
        struct Compare: Decodable { var side: String }
        var compare: Compare?
        var streams: [String]?
        var touched: [Touched]?
        var touching: [Touching]?
        var sweep: [Int]?
    }

    let answer: @Sendable (_ function: String, _ asked: Asked) -> Answer

    func send(_ request: HTTPRequest, timeout: Duration) async throws -> HTTPResponse {
        let path = request.url.split(separator: "/").map(String.init)
        guard path.last == "invocations", path.count > 1 else { return try await AsyncHTTPTransport.shared.send(request, timeout: timeout) }
        let asked = try JSONDecoder().decode(Asked.self, from: Data(request.body))
        switch answer(path[path.count - 2], asked) {
        case .json(let text): return HTTPResponse(statusCode: 200, body: Array(text.utf8))
        case .failure(let type, let message):
            let report = ["errorType": type, "errorMessage": message]
            return HTTPResponse(
                statusCode: 200, headers: ["x-amz-function-error": "Unhandled"], body: Array(try JSONEncoder().encode(report)))
        }
    }

    /// A projector that can't go on with some streams. Each stream touches the document of its own name.
    static func projector(_ asked: Asked, gaps: Set<String> = [], poison: Set<String> = []) -> Answer {
        let streams = asked.streams ?? asked.touched?.map(\.stream) ?? []
        if let gap = streams.first(where: { gaps.contains($0) }) { return .failure(type: "StreamGap", "stream '\(gap)' has a gap") }
        let faults = streams.filter { poison.contains($0) }.map { #"{"aggregateId":"\#($0)","error":"poison"}"# }.joined(separator: ",")
        if asked.touched != nil {
            let documents = streams.map { "\"\($0)\":[\"\($0)\"]" }.joined(separator: ",")
            return .json(#"{"documents":{\#(documents)},"faults":[\#(faults)]}"#)
        }
        if let questions = asked.touching {
            let events = questions.map { "[\"\($0.stream)@1 Happened\"]" }.joined(separator: ",")
            return .json(#"{"events":[\#(events)]}"#)
        }
        return .json(#"{"batchItemFailures":[],"faults":[\#(faults)]}"#)
    }
}
