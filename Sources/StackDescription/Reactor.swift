/// Code that reacts to an event with something that can't be undone, such as an email.
public struct Reactor: Codable, Sendable, Hashable {
    /// What becomes of an effect that was begun and of which nobody knows whether it was done.
    public enum InDoubt: String, Codable, Sendable, Hashable, CaseIterable {
        /// It waits for a person. It never blocks its stream.
        case park
        /// It is done again: only for acts that are idempotent.
        case retry
    }

    /// When an effect comes to be in doubt, and what happens then.
    public struct Recovery: Sendable, Hashable {
        public var inDoubt: InDoubt

        /// After a crash between the beginning of an effect and the record that it was done.
        public static func crash(_ inDoubt: InDoubt) -> Recovery { Recovery(inDoubt: inDoubt) }
    }

    /// The reactor's name in the functions' catalogue.
    public var handler: String
    public var inDoubt: InDoubt

    public static func reactor(_ handler: String, after recovery: Recovery = .crash(.park)) -> Reactor {
        Reactor(handler: handler, inDoubt: recovery.inDoubt)
    }
}
