import EventSourcing
#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Where a listing goes on. Clients get it as text that is safe in a URL, and hand it back as they got it.
struct ListingCursor: Sendable, Hashable, Codable {
    /// The table that was listed: another one, of a later release or filled anew, may have its documents in another order.
    var table: String
    /// The keys of the last document that was listed, but for the one that all have in common.
    var keys: [String: String]

    init(table: String, keys: [String: String]) {
        self.table = table
        self.keys = keys
    }

    /// `nil` where the text is none.
    init?(_ text: String) {
        var base64 = text.replacing("-", with: "+").replacing("_", with: "/")
        base64 += String(repeating: "=", count: (4 - base64.utf8.count % 4) % 4)
        guard let data = Data(base64Encoded: base64), let cursor = try? JSONDecoder().decode(Self.self, from: data) else { return nil }
        self = cursor
    }

    /// Base 64 with the alphabet for URLs (RFC 4648, section 5), without padding.
    func text() throws -> String {
        Data(try StableJSON.encode(self).utf8).base64EncodedString()
            .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }
}
