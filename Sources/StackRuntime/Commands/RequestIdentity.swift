import Crypto
import EventSourcing
#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Who asks: the command's id, and the digest of what was asked under it.
package struct RequestIdentity: Sendable {
    var command: String
    var digest: String

    package init(command: String, digest: String) {
        self.command = command
        self.digest = digest
    }

    /// SHA-256 of the route, its parameters and the body, whatever the order and spacing of its fields: of what the client sent, and of nothing that
    /// the next release may name otherwise.
    /// - Parameter path: the parameters by their names.
    static func digest(route: Route, path: [String: String], body: Value) -> String {
        let parameters = route.parameters.map { Value.string(path[$0] ?? "") }
        let canonical = Value.object(["route": .string(route.shape), "path": .list(parameters), "body": body])
        let text = (try? StableJSON.encode(canonical)) ?? ""
        return SHA256.hash(data: Data(text.utf8)).hexadecimal
    }

    /// Cheap: whether the text may hold the command's id. JSON may spell it with escapes.
    private func mayName(_ meta: String) -> Bool {
        meta.utf8.contains(UInt8(ascii: "\\")) || meta.holds(command)
    }

    /// What was committed under this id.
    func events(in stream: [StoredEvent]) -> [StoredEvent] {
        stream.filter { mayName($0.meta) && EventMetadata.decode($0.meta).command == command }
    }

    /// The answer to this command, copies included; 422 where the id was used for another request only. Streams that were merged may hold one id for
    /// several requests.
    func recorded(in stream: [StoredEvent]) -> Answer? {
        var found: Answer?
        for event in events(in: stream) {
            let meta = EventMetadata.decode(event.meta)
            if let answer = meta.answer, meta.request == digest { return answer }
            found =
                found
                ?? (meta.answer != nil
                    ? .error(422, "this Idempotency-Key was used for another request: use a new key", field: "Idempotency-Key")
                    // A transform may have dropped the commit's first event, which had the answer.
                    : .error(409, "this command was carried out already; its answer was not kept"))
        }
        return found
    }
}

extension String {
    /// Whether the bytes of `part` stand together in it. It is asked of each event of a stream, and the library's search in collections is generic.
    fileprivate func holds(_ part: String) -> Bool {
        var (text, part) = (self, part)
        return text.withUTF8 { text in
            part.withUTF8 { part in
                guard let first = part.first else { return true }
                guard part.count <= text.count else { return false }
                return (0...text.count - part.count).contains { start in
                    text[start] == first && text[start..<start + part.count].elementsEqual(part)
                }
            }
        }
    }
}
