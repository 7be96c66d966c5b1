/// An amount of memory.
public struct MemorySize: Sendable, Hashable {
    public var mebibytes: Int

    public static func mebibytes(_ count: Int) -> MemorySize { MemorySize(mebibytes: count) }

    public static func gibibytes(_ count: Int) -> MemorySize { MemorySize(mebibytes: multiply(count, by: 1024)) }
}

/// How long one invocation of a function may take.
public struct FunctionTimeout: Sendable, Hashable {
    public var seconds: Int

    public static func seconds(_ count: Int) -> FunctionTimeout { FunctionTimeout(seconds: count) }
}

/// How long the event bus keeps a record.
public struct BusRetention: Sendable, Hashable {
    public var hours: Int

    public static func hours(_ count: Int) -> BusRetention { BusRetention(hours: count) }

    public static func days(_ count: Int) -> BusRetention { BusRetention(hours: multiply(count, by: 24)) }
}

/// How long CloudWatch Logs keeps a function's log.
public struct LogRetention: Sendable, Hashable {
    public var days: Int

    public static func days(_ count: Int) -> LogRetention { LogRetention(days: count) }
}

/// A product that is too large becomes the largest `Int`, which validation then refuses.
private func multiply(_ count: Int, by factor: Int) -> Int {
    let (product, overflow) = count.multipliedReportingOverflow(by: factor)
    return overflow ? (count < 0 ? .min : .max) : product
}
