/// What a built functions product says that it contains.
public struct Catalogue: Codable, Sendable, Hashable {
    public struct TransformEntry: Codable, Sendable, Hashable {
        public var name: String
        public var reversible: Bool

        public init(name: String, reversible: Bool) {
            self.name = name
            self.reversible = reversible
        }
    }

    public struct EventTypeEntry: Codable, Sendable, Hashable {
        public var name: String
        /// The version of the event's schema, from 1.
        public var schema: Int

        public init(name: String, schema: Int) {
            self.name = name
            self.schema = schema
        }
    }

    public var commands: [String]
    public var projections: [String]
    public var reactors: [String]
    public var transforms: [TransformEntry]
    /// Absent where the product was built before there were mappings.
    public var mappings: [String]?
    public var eventTypes: [EventTypeEntry]

    public init(
        commands: [String] = [],
        projections: [String] = [],
        reactors: [String] = [],
        transforms: [TransformEntry] = [],
        mappings: [String]? = nil,
        eventTypes: [EventTypeEntry] = []
    ) {
        self.commands = commands
        self.projections = projections
        self.reactors = reactors
        self.transforms = transforms
        self.mappings = mappings
        self.eventTypes = eventTypes
    }
}
