#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What is known about how an event came to be. Kept as JSON beside the data.
public struct EventMetadata: Sendable, Hashable, Codable {
    /// The command's id: the client's `Idempotency-Key`, or one given by the first handler.
    public var command: String?
    /// Lower-case hexadecimal SHA-256 of the command's request; on the commit's first event.
    public var request: String?
    /// The answer that the client got; on the commit's first event.
    public var answer: Answer?
    public var correlation: String?
    public var causation: String?
    public var actor: String?

    public init(
        command: String? = nil, request: String? = nil, answer: Answer? = nil, correlation: String? = nil, causation: String? = nil,
        actor: String? = nil
    ) {
        self.command = command
        self.request = request
        self.answer = answer
        self.correlation = correlation
        self.causation = causation
        self.actor = actor
    }

    /// The JSON text that is stored: sorted keys, absent fields left out.
    public func encoded() throws -> String {
        var fields = [
            "command": command, "request": request, "correlation": correlation, "causation": causation, "actor": actor,
        ].compactMapValues { $0.map(Value.string) }
        if let answer { fields["answer"] = .object(["status": .number(Decimal(answer.status)), "body": answer.body]) }
        return try StableJSON.encode(.object(fields))
    }

    /// Unreadable metadata counts as none: events of other writers need not carry ours.
    public static func decode(_ text: String) -> EventMetadata {
        (try? JSONDecoder().decode(EventMetadata.self, from: Data(text.utf8))) ?? EventMetadata()
    }
}
