/// The two directions of a transform, its type erased.
public struct AnyTransform: Sendable {
    public let name: String
    public let forward: Mapping
    /// `nil` where the transform has no way back.
    public let reverse: Mapping?

    public init<T: Transform>(_ transform: T.Type) {
        name = T.name
        forward = Mapping { try T.forward($0) }
        if let reversible = transform as? any ReversibleTransform.Type {
            reverse = Mapping { try reversible.reverse($0) }
        } else {
            reverse = nil
        }
    }

    public init<T: CopyTransform>(_ transform: T.Type) { self.init(T.name, T.rules) }

    public init(_ name: String, _ rules: Rules) {
        self.name = name
        forward = rules.forward
        reverse = rules.reverse
    }

    private init(identity name: String) {
        self.name = name
        forward = .identity
        reverse = .identity
    }

    /// Copies as it is, both ways.
    public static let identity = AnyTransform(identity: "identity")

    /// Whether events are passed on as they are, and nothing has to be proven of their way back.
    public var isIdentity: Bool { forward.isIdentity && reverse?.isIdentity != false }

    /// `nil` where the transform has no way back; else whether this event alone comes back as it was. What crosses events is proven by ``RoundTrip``.
    public func provesReversible(_ event: StoredEvent) -> Bool? {
        guard reverse != nil else { return nil }
        var trip = RoundTrip(self, of: event.aggregateId)
        var state = forward.initialState
        guard let became = try? forward.drafts(of: event, &state), (try? trip?.check(event, became: became)) != nil else { return false }
        trip?.finish()
        return trip?.unproven.isEmpty
    }
}
