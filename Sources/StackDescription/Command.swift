/// A request to change something, and the route that it arrives on. Each has a Lambda function of its own.
public struct Command: Codable, Sendable, Hashable {
    /// The command's name in the functions' catalogue.
    public var handler: String
    public var route: Route

    public static func command(_ handler: String, on route: Route) -> Command {
        Command(handler: handler, route: route)
    }
}
