/// An event that a projection of the release that is being filled can't apply.
public struct PoisonousEvent: Error, Sendable, CustomStringConvertible {
    public var function: String
    public var fault: HintAnswer.Fault

    public init(function: String, fault: HintAnswer.Fault) {
        self.function = function
        self.fault = fault
    }

    public var description: String {
        let what = fault.event.map { "event \($0.position) (id \($0.eventId), type '\($0.type)')" } ?? "stream '\(fault.aggregateId)'"
        return """
            \(what) stops '\(function)': \(fault.error)
            The release that is being filled can't be proven with a stream that stops. \
            hint: give it up with `immutable abort`, mend the projection or the transform, deploy again
            """
    }
}
