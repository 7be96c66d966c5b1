/// What a replay's duration is worked out from. Limits are AWS's; rates of workers are assumptions, as nothing of this was measured on AWS.
enum Throughput {
    /// Write units a second that a new on-demand table takes at once, and after how many seconds it takes twice as much, again and again.
    /// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html
    static let newTableWriteUnits = 4_000.0
    static let doublingSeconds = 1_800.0
    /// The quota of write units a second of one table, unless it is raised. The same page.
    static let tableWriteUnits = 40_000.0

    /// Assumed of one worker: a batch of 25 events each 10 ms, DynamoDB's "single-digit milliseconds" and a little.
    static let eventsOfWorker = 2_500.0
    /// Assumed of one call of a projector: 50 streams in 100 ms, a handful of requests one after the other.
    static let streamsOfProjector = 500.0
    /// Assumed of one segment's scan: a page of 1 MiB in 50 ms.
    static let bytesOfScan = 20.0 * 1_048_576

    /// What a worker leaves of its function's time limit.
    static let reservedSeconds = 8

    /// Assumed where a stack's cursors don't tell how many streams there are.
    static let eventsOfStream = 10
    /// DynamoDB's JSON in S3, with a name and a type around each value, against the table's size. Assumed.
    static let exportedGrowth = 1.3

    /// How long a new table takes to be written.
    /// - Parameter most: write units a second that its writers come to.
    static func seconds(writing units: Double, most: Double) -> Double {
        let ceiling = min(most, tableWriteUnits)
        var (left, seconds, rate) = (units, 0.0, min(newTableWriteUnits, ceiling))
        while rate < ceiling, left > rate * doublingSeconds {
            left -= rate * doublingSeconds
            seconds += doublingSeconds
            rate = min(rate * 2, ceiling)
        }
        return seconds + left / rate
    }
}
