/// The load that the stack is expected to bear.
public struct Traffic: Codable, Sendable, Hashable {
    /// Commands per second at the peak.
    public var writesPerSecond: Double

    public static func expected(writesPerSecond: Double) -> Traffic { Traffic(writesPerSecond: writesPerSecond) }
}
