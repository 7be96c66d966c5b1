#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Time and chance, so that tests can set them.
public struct ClientClock: Sendable {
    public var now: @Sendable () -> Date
    public var sleep: @Sendable (Duration) async throws -> Void
    /// 0 ..< 1.
    public var random: @Sendable () -> Double

    public init(
        now: @escaping @Sendable () -> Date, sleep: @escaping @Sendable (Duration) async throws -> Void,
        random: @escaping @Sendable () -> Double
    ) {
        self.now = now
        self.sleep = sleep
        self.random = random
    }

    /// A pause of a random length, so that those who were in each other's way don't come back together.
    public func pause(milliseconds range: ClosedRange<Int>) async throws {
        try await sleep(.milliseconds(range.lowerBound + Int(random() * Double(range.count))))
    }

    /// 104 random bits as 26 hexadecimal digits.
    public func identifier() -> String {
        (0..<2).map { _ in
            let digits = String(UInt64(random() * 0x1p52), radix: 16)
            return String(repeating: "0", count: 13 - digits.count) + digits
        }.joined()
    }

    public static let system = ClientClock(
        now: { Date() }, sleep: { try await Task.sleep(for: $0) }, random: { Double.random(in: 0..<1) })
}
