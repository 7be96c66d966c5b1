/// What a built functions product says that it contains.
public struct Catalogue: Codable, Sendable, Hashable {
    public struct TransformEntry: Codable, Sendable, Hashable {
        public var name: String
        public var reversible: Bool
        /// Whether it makes one stream of several.
        public var merging: Bool?
        /// The types of event that it may change; absent where any may be.
        public var types: [String]?
        /// What each of its rules makes of which types, in the order in which an event passes them; absent where the product was built before there
        /// were any.
        public var forward: [[OutcomeEntry]]?
        /// The same of its way back; absent where it has none.
        public var back: [[OutcomeEntry]]?

        public init(
            name: String, reversible: Bool, merging: Bool? = nil, types: [String]? = nil, forward: [[OutcomeEntry]]? = nil,
            back: [[OutcomeEntry]]? = nil
        ) {
            self.name = name
            self.reversible = reversible
            self.merging = merging
            self.types = types
            self.forward = forward
            self.back = back
        }
    }

    /// What a rule of a transform makes of one type of event.
    public struct OutcomeEntry: Codable, Sendable, Hashable {
        public struct Part: Codable, Sendable, Hashable {
            public var type: String
            /// Absent: as it was.
            public var schema: Int?
            /// Whether its data is the source's.
            public var keepsData: Bool

            public init(type: String, schema: Int?, keepsData: Bool) {
                self.type = type
                self.schema = schema
                self.keepsData = keepsData
            }
        }

        /// Absent: any.
        public var type: String?
        /// Absent: any.
        public var schema: Int?
        /// Absent: a function decides.
        public var parts: [Part]?

        public init(type: String?, schema: Int?, parts: [Part]?) {
            self.type = type
            self.schema = schema
            self.parts = parts
        }
    }

    public struct EventTypeEntry: Codable, Sendable, Hashable {
        public var name: String
        /// The version of the event's schema, from 1.
        public var schema: Int
        /// The data's fields by their path, e.g. `customer.name`, `lines[].sku`; absent where they can't be told.
        public var fields: [String: FieldEntry]?

        public init(name: String, schema: Int, fields: [String: FieldEntry]? = nil) {
            self.name = name
            self.schema = schema
            self.fields = fields
        }
    }

    public struct FieldEntry: Codable, Sendable, Hashable {
        /// `text`, `number`, `boolean`, `map` or `any`.
        public var kind: String
        /// Whether an event may lack it.
        public var optional: Bool
        /// The values that it may have, sorted; absent where it may have others, and where that can't be told.
        public var cases: [String]?

        public init(kind: String, optional: Bool, cases: [String]? = nil) {
            self.kind = kind
            self.optional = optional
            self.cases = cases
        }
    }

    /// An event type that is read as another, or in another schema, without a copy.
    public struct CastEntry: Codable, Sendable, Hashable {
        public var type: String
        /// Absent: any.
        public var schema: Int?
        public var newType: String
        /// Absent: as it was.
        public var newSchema: Int?
        /// Whether a newer event passes it backwards; absent where the product was built before that was told.
        public var reversible: Bool?

        public init(type: String, schema: Int?, newType: String, newSchema: Int?, reversible: Bool? = nil) {
            self.type = type
            self.schema = schema
            self.newType = newType
            self.newSchema = newSchema
            self.reversible = reversible
        }
    }

    public var commands: [String]
    public var projections: [String]
    /// Those of the projections that make one document of each stream; absent where the product was built before there were any.
    public var streamProjections: [String]?
    public var reactors: [String]
    public var transforms: [TransformEntry]
    /// Absent where the product was built before there were mappings.
    public var mappings: [String]?
    public var eventTypes: [EventTypeEntry]
    /// In the order in which an event passes them.
    public var casts: [CastEntry]?

    public init(
        commands: [String] = [],
        projections: [String] = [],
        streamProjections: [String]? = nil,
        reactors: [String] = [],
        transforms: [TransformEntry] = [],
        mappings: [String]? = nil,
        eventTypes: [EventTypeEntry] = [],
        casts: [CastEntry]? = nil
    ) {
        self.commands = commands
        self.projections = projections
        self.streamProjections = streamProjections
        self.reactors = reactors
        self.transforms = transforms
        self.mappings = mappings
        self.eventTypes = eventTypes
        self.casts = casts
    }
}
