/// The fields of an event type's data, told by watching what its decoder asks for.
public enum PayloadFields {
    public struct Field: Sendable, Hashable {
        public enum Kind: String, Sendable {
            case text, number, boolean, map
            /// A list that may hold anything, or an empty object.
            case any
        }

        public var kind: Kind
        /// Whether it may be missing.
        public var isOptional: Bool
        /// The raw values that it may have, sorted; `nil` where it may have others, or more than ``mostCases``.
        public var cases: [String]?

        public static let mostCases = 100

        public init(kind: Kind, isOptional: Bool, cases: [String]? = nil) {
            self.kind = kind
            self.isOptional = isOptional
            self.cases = cases
        }
    }

    /// Texts that a field's type may ask for in its own form: an amount, an id, a time, an address.
    private static let texts = ["0", "", "00000000-0000-4000-8000-000000000000", "2000-01-01T00:00:00Z", "https://a.example"]

    /// By path, e.g. `customer.name` and `lines[].sku`; `nil` where the type decodes none of the values that are tried.
    public static func of(_ type: any EventPayload.Type) -> [String: Field]? {
        for text in texts {
            let log = FieldLog(text: text)
            if (try? type.init(from: FieldDecoder(log: log, path: "", isOptional: false))) != nil { return log.fields }
        }
        return nil
    }
}
