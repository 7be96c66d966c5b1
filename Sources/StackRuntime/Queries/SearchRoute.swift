/// A route that searches an index: what it offers. An element of `IMMUTABLE_ROUTES`.
struct SearchRoute: Sendable, Decodable {
    enum Kind: String, Sendable, Decodable {
        case keyword, number, boolean
    }

    /// The text fields in which the words of `q` are looked for.
    var fields: [String]
    /// Fields that are parameters, with their kinds.
    var filters: [String: Kind]
    /// Fields that `sort` may name.
    var sorts: [String]
    var pageSize: Int
}
