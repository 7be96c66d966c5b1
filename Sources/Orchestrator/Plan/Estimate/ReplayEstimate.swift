/// What filling a release would take on AWS, by each way that there is.
public struct ReplayEstimate: Sendable, Hashable, Codable {
    public enum Way: String, Sendable, Codable, CaseIterable {
        case direct
        case stepFunctions = "step-functions"
        /// An export to S3, the transform over its files, an import: no engine of this version.
        case exportImport = "export-import"
    }

    public struct Option: Sendable, Hashable, Codable {
        public var way: Way
        /// `nil` where AWS tells nothing that it could be worked out from.
        public var seconds: Double?
        public var dollars: Double
        public var workers: Int
    }

    public var options: [Option]
    public var bytes: Int
    /// Whether bytes and streams rest on DynamoDB's own figures, of the last six hours.
    public var isMeasured: Bool
    public var streams: Int
    /// Of the prices.
    public var region: String
    public var date: String

    init(_ work: ReplayWork, isMeasured: Bool, stepFunctions: ReplaySettings) {
        bytes = work.bytes
        self.isMeasured = isMeasured
        streams = work.streams
        region = Prices.region
        date = Prices.date
        options = [
            Self.engine(.direct, work, .direct),
            Self.engine(.stepFunctions, work, stepFunctions),
            Option(way: .exportImport, seconds: nil, dollars: Self.exportDollars(work), workers: 0),
        ]
    }

    private static func engine(_ way: Way, _ work: ReplayWork, _ settings: ReplaySettings) -> Option {
        let workers = Double(settings.width)
        var dollars = projectDollars(work) + functionDollars(work, seconds: work.copySeconds)
        dollars += Double(work.copyWriteUnits) * Prices.millionWriteUnits / 1_000_000
        dollars += Double(work.copyReadUnits) * Prices.millionReadUnits / 1_000_000
        switch way {
        case .stepFunctions:
            for seconds in [work.copySeconds, work.proveSeconds] { dollars += callDollars(work, seconds: seconds, settings) }
            dollars += functionDollars(work, seconds: work.proveSeconds)
        case .direct, .exportImport:
            let calls = (work.copySeconds / SegmentWorkers.reportSeconds).rounded(.up)
            dollars += calls * Prices.millionInvocations / 1_000_000
        }
        let unitsOfEvent = work.events == 0 ? 1 : Double(work.eventUnits) / Double(work.events)
        let copying = Throughput.seconds(writing: Double(work.eventUnits), most: workers * Throughput.eventsOfWorker * unitsOfEvent)
        return Option(
            way: way, seconds: copying * (work.isMerging ? 2 : 1) + proving(work, by: workers), dollars: dollars,
            workers: settings.width)
    }

    /// Of one pass by a state machine. A call works for what the function's time limit leaves, and is a step and a choice; a segment has one step
    /// more, and so has the machine.
    private static func callDollars(_ work: ReplayWork, seconds: Double, _ settings: ReplaySettings) -> Double {
        let perCall = Double(max(1, work.timeoutSeconds - Throughput.reservedSeconds))
        let calls = settings.segments * max(1, Int((seconds / Double(settings.segments) / perCall).rounded(.up)))
        let transitions = Double(calls * 2 + settings.segments + 1) * Prices.thousandTransitions / 1_000
        return transitions + Double(calls) * Prices.millionInvocations / 1_000_000
    }

    /// The copy is scanned, and its streams projected as fast as the cursors can be written.
    private static func proving(_ work: ReplayWork, by segments: Double) -> Double {
        let scanning = Double(work.bytes) / (segments * Throughput.bytesOfScan)
        guard work.cursorUnits > 0 else { return scanning }
        let most = segments * Throughput.streamsOfProjector * 2 * Double(work.projections)
        return max(scanning, Throughput.seconds(writing: Double(work.cursorUnits), most: most))
    }

    private static func projectDollars(_ work: ReplayWork) -> Double {
        Double(work.projectWriteUnits) * Prices.millionWriteUnits / 1_000_000
            + Double(work.projectReadUnits) * Prices.millionReadUnits / 1_000_000
            + functionDollars(work, seconds: work.projectSeconds)
            + Double(work.projectCalls) * Prices.millionInvocations / 1_000_000
    }

    private static func functionDollars(_ work: ReplayWork, seconds: Double) -> Double {
        seconds * Double(work.memoryMiB) / 1_024 * Prices.gibibyteSecond
    }

    private static func exportDollars(_ work: ReplayWork) -> Double {
        work.gibibytes * (Prices.gibibyteExported + Throughput.exportedGrowth * Prices.gibibyteImported)
            + functionDollars(work, seconds: work.copySeconds) + projectDollars(work)
    }
}
