import StackDescription

/// How much a replay has to do, in figures that cost or last.
struct ReplayWork: Sendable, Hashable {
    var events: Int
    /// As DynamoDB stores them.
    var bytes: Int
    var streams: Int
    /// Read models of the new release.
    var projections: Int
    var shards: Int
    /// Whether the transform merges streams, so that events are staged and written once more.
    var isMerging: Bool
    /// Of each function.
    var memoryMiB: Int
    var timeoutSeconds: Int

    /// The write units that the average event takes: one for each KiB begun.
    private var unitsOfEvent: Int { events == 0 ? 1 : max(1, Self.parts(bytes, of: events * 1_024)) }
    private var readUnits: Int { Self.parts(bytes, of: 4_096) }

    /// A checkpoint after each page of 1 MiB: two totals of each shard come to some 160 bytes.
    private var checkpointUnits: Int { Self.parts(bytes, of: 1 << 20) * Self.parts(shards * 160, of: 1_024) }

    /// Into the new events table, all of it.
    var eventUnits: Int { events * unitsOfEvent }
    /// Written while copying: with the staged events, where there are any, and checkpoints.
    var copyWriteUnits: Int { eventUnits * (isMerging ? 2 : 1) + checkpointUnits }
    /// Staged events are scanned for their streams, and read stream by stream.
    var copyReadUnits: Int { readUnits * (isMerging ? 3 : 1) }

    /// Of each projector and stream: a cursor and a document of up to 1 KiB, in a transaction, which costs twice.
    var projectWriteUnits: Int { streams * projections * 4 }
    /// The copy is scanned; of each projector and stream a cursor, a document and the stream's events are read.
    var projectReadUnits: Int {
        let ofStream = streams == 0 ? 1 : max(1, Self.parts(bytes, of: streams * 4_096))
        return readUnits + streams * projections * (2 + ofStream)
    }
    /// Into the one table that all projectors write to, the cursors.
    var cursorUnits: Int { streams * projections * 2 }

    /// Seconds of all functions together.
    var copySeconds: Double { Double(events) * (isMerging ? 2 : 1) / Throughput.eventsOfWorker }
    var projectSeconds: Double { Double(streams * projections) / Throughput.streamsOfProjector }
    /// Of a worker that scans the copy and waits for projectors, eight at a time.
    var proveSeconds: Double { max(Double(bytes) / Throughput.bytesOfScan, projectSeconds / 8) }
    /// 50 streams a call.
    var projectCalls: Int { Self.parts(streams, of: FunctionCall.streamsPerHint) * projections }

    var gibibytes: Double { Double(bytes) / Double(1 << 30) }

    private static func parts(_ whole: Int, of part: Int) -> Int { (whole + part - 1) / part }
}

extension ReplayEstimate {
    /// Of what `live` holds now, for a release of the manifest `next`.
    static func gather(_ view: StackView, _ live: ReleaseRecord, next: Stack) async throws -> ReplayEstimate {
        let size = try await StoreSize.measure(view, live)
        // Each projector and reactor has a cursor of each stream; DynamoDB counts them every six hours.
        let cursors = try await view.cloud.dynamo.describeTable(live.names.cursors)?.itemCount ?? 0
        let consumers = max(1, live.manifest.readModels.count + live.manifest.reactors.count)
        let streams = cursors > 0 ? cursors / consumers : size.events / Throughput.eventsOfStream
        let work = ReplayWork(
            events: size.events, bytes: size.bytes, streams: min(max(1, streams), size.events), projections: next.readModels.count,
            shards: view.shards.count, isMerging: next.transform?.merging ?? false, memoryMiB: next.functions.memory,
            timeoutSeconds: next.functions.timeoutSeconds)
        let settings = try await view.replaySettings(.stepFunctions, for: next) ?? .direct
        return ReplayEstimate(work, isMeasured: size.isMeasured && cursors > 0, stepFunctions: settings)
    }
}
