import Foundation
import StackDescription

/// Reads what a manifest wrote.
enum ManifestResult {
    private struct Version: Decodable {
        var version: Int
    }

    /// The version comes first, and by itself: an envelope of another version need not decode.
    static func stack(in json: String) throws(ManifestError) -> Stack {
        let version = try decode(Version.self, from: json).version
        guard version == Envelope.currentVersion else { throw .unexpectedResultVersion(version) }
        let envelope = try decode(Envelope.self, from: json)
        if let names = envelope.conflicting { throw .severalStacks(names: names) }
        guard let stack = envelope.stack else { throw .unreadableResult(reason: "it has no stack") }
        return stack
    }

    private static func decode<Value: Decodable>(
        _ type: Value.Type, from json: String
    ) throws(ManifestError) -> Value {
        do {
            return try JSONDecoder().decode(type, from: Data(json.utf8))
        } catch let error as DecodingError {
            throw .unreadableResult(reason: reason(of: error))
        } catch {
            throw .unreadableResult(reason: "\(error)")
        }
    }

    private static func reason(of error: DecodingError) -> String {
        let (path, what): ([any CodingKey], String) =
            switch error {
            case .keyNotFound(let key, let context): (context.codingPath, "'\(key.stringValue)' is missing")
            case .valueNotFound(_, let context): (context.codingPath, context.debugDescription)
            case .typeMismatch(_, let context): (context.codingPath, context.debugDescription)
            case .dataCorrupted(let context): (context.codingPath, context.debugDescription)
            @unknown default: ([], "\(error)")
            }
        let place = path.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }.joined(separator: ".")
        return place.isEmpty ? what : "\(place): \(what)"
    }
}
