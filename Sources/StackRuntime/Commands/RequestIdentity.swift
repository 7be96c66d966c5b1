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

    /// SHA-256 of the handler's name, the path's parameters and the body, whatever the order and spacing of its fields.
    static func digest(command: String, path: [String: String], body: Value) -> String {
        let canonical = Value.object(["command": .string(command), "path": .object(path.mapValues { .string($0) }), "body": body])
        let text = (try? StableJSON.encode(canonical)) ?? ""
        return SHA256.hash(data: Data(text.utf8)).hexadecimal
    }

    /// Cheap: whether the text may hold the command's id. JSON may spell it with escapes.
    private func mayName(_ meta: String) -> Bool {
        meta.utf8.contains(UInt8(ascii: "\\")) || meta.contains(command)
    }

    /// The first answer to this command, copies included; 422 where the id was used for another request.
    func recorded(in stream: [StoredEvent]) -> Answer? {
        for event in stream where mayName(event.meta) {
            let meta = EventMetadata.decode(event.meta)
            guard meta.command == command else { continue }
            // A transform may have dropped the commit's first event, which had the answer.
            guard let answer = meta.answer else {
                return .error(409, "this command was carried out already; its answer was not kept")
            }
            guard meta.request == digest else {
                return .error(422, "this Idempotency-Key was used for another request: use a new key", field: "Idempotency-Key")
            }
            return answer
        }
        return nil
    }
}
