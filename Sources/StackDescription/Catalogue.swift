/// What a built functions product says that it contains.
public struct Catalogue: Codable, Sendable, Hashable {
    public struct TransformEntry: Codable, Sendable, Hashable {
        public var name: String
        public var reversible: Bool
        /// Whether it makes one stream of several.
        public var merging: Bool?
        /// The types of event that it may change; absent where any may be.
        public var types: [String]?

        public init(name: String, reversible: Bool, merging: Bool? = nil, types: [String]? = nil) {
            self.name = name
            self.reversible = reversible
            self.merging = merging
            self.types = types
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

        public init(kind: String, optional: Bool) {
            self.kind = kind
            self.optional = optional
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

        public init(type: String, schema: Int?, newType: String, newSchema: Int?) {
            self.type = type
            self.schema = schema
            self.newType = newType
            self.newSchema = newSchema
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
