import AWS
import EventSourcing

/// Content that the store never takes: an item over 400 KB, a key of another type. Trying again doesn't help; the stream stops alone.
public struct RefusedContent: StreamFault, Sendable, CustomStringConvertible {
    public var stream: String
    public var reason: String
    public var event: EventReference?

    public init(stream: String, reason: String, event: EventReference? = nil) {
        self.stream = stream
        self.reason = reason
        self.event = event
    }

    public var description: String {
        let what = event.map { "event \($0.position) (id \($0.eventId), type '\($0.type)')" } ?? "stream '\(stream)'"
        return "the store refuses what \(what) makes: \(reason)"
    }

    /// Why, where `error` is such a refusal.
    public static func reason(of error: any Error) -> String? {
        switch error {
        case let error as AWSError where error.code == "ValidationException": error.message
        case DynamoDBError.transactionCancelled(let reasons):
            reasons.first { $0.code == "ValidationError" }.map { $0.message ?? "an item is not valid" }
        default: nil
        }
    }
}
