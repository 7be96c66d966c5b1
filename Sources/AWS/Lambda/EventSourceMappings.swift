extension Lambda {
    public struct EventSourceMapping: Sendable, Hashable {
        public var uuid: String
        public var functionArn: String
        public var sourceArn: String
        /// `Creating`, `Enabling`, `Enabled`, `Disabling`, `Disabled`, `Updating` or `Deleting`.
        public var state: String
        /// E.g. `OK`, `No records processed`, `PROBLEM: Function call failed`.
        public var lastProcessingResult: String?
        public var batchSize: Int?

        public init(
            uuid: String, functionArn: String, sourceArn: String, state: String, lastProcessingResult: String? = nil,
            batchSize: Int? = nil
        ) {
            self.uuid = uuid
            self.functionArn = functionArn
            self.sourceArn = sourceArn
            self.state = state
            self.lastProcessingResult = lastProcessingResult
            self.batchSize = batchSize
        }
    }

    public enum StartingPosition: String, Sendable, Hashable {
        case latest = "LATEST"
        case oldest = "TRIM_HORIZON"
    }

    /// Feeds a stream's records to a function.
    /// - Parameters:
    ///   - batchSize: 1 to 10,000 records.
    ///   - batchingWindowSeconds: 0 to 300: how long a batch may fill up.
    ///   - parallelization: 1 to 10 batches of a shard at once.
    /// - Throws: `AWSError`, with `isAlreadyExists` where the function has this source already.
    public func createEventSourceMapping(
        function: String, sourceArn: String, batchSize: Int = 100, startingPosition: StartingPosition = .oldest,
        batchingWindowSeconds: Int = 0, reportBatchItemFailures: Bool = true, parallelization: Int = 1,
        tags: [String: String] = [:], enabled: Bool = true
    ) async throws -> EventSourceMapping {
        var body: [String: JSON] = [
            "FunctionName": .string(function), "EventSourceArn": .string(sourceArn), "BatchSize": .int(batchSize),
            "StartingPosition": .string(startingPosition.rawValue),
            "MaximumBatchingWindowInSeconds": .int(batchingWindowSeconds),
            "ParallelizationFactor": .int(parallelization), "Enabled": .bool(enabled),
        ]
        if reportBatchItemFailures { body["FunctionResponseTypes"] = ["ReportBatchItemFailures"] }
        if !tags.isEmpty { body["Tags"] = .strings(tags) }
        return EventSourceMapping(
            try await client.rest(.lambda, "CreateEventSourceMapping", "POST", Self.mappings, body))
    }

    /// All pages.
    public func listEventSourceMappings(
        function: String? = nil, sourceArn: String? = nil
    ) async throws -> [EventSourceMapping] {
        var mappings: [EventSourceMapping] = []
        var marker: String?
        repeat {
            var query: [(name: String, value: String)] = []
            if let function { query.append(("FunctionName", function)) }
            if let sourceArn { query.append(("EventSourceArn", sourceArn)) }
            if let marker { query.append(("Marker", marker)) }
            let page: JSON
            do {
                page = try await client.rest(.lambda, "ListEventSourceMappings", "GET", Self.mappings, query: query)
            } catch let error as AWSError where error.isNotFound {
                return []
            }
            mappings += (page["EventSourceMappings"].array ?? []).map(EventSourceMapping.init)
            marker = page["NextMarker"].string.flatMap { $0.isEmpty ? nil : $0 }
        } while marker != nil
        return mappings
    }

    /// - Returns: nil where there is no such mapping.
    public func getEventSourceMapping(_ uuid: String) async throws -> EventSourceMapping? {
        do {
            return EventSourceMapping(
                try await client.rest(.lambda, "GetEventSourceMapping", "GET", "\(Self.mappings)/\(uuid)"))
        } catch let error as AWSError where error.isNotFound {
            return nil
        }
    }

    @discardableResult
    public func updateEventSourceMapping(_ uuid: String, enabled: Bool) async throws -> EventSourceMapping {
        EventSourceMapping(
            try await client.rest(
                .lambda, "UpdateEventSourceMapping", "PUT", "\(Self.mappings)/\(uuid)", ["Enabled": .bool(enabled)]))
    }

    /// Nothing happens where there is no such mapping. It goes through `Deleting` first.
    public func deleteEventSourceMapping(_ uuid: String) async throws {
        do {
            _ = try await client.rest(.lambda, "DeleteEventSourceMapping", "DELETE", "\(Self.mappings)/\(uuid)")
        } catch let error as AWSError where error.isNotFound {}
    }

    private static let mappings = "/2015-03-31/event-source-mappings"
}

extension Lambda.EventSourceMapping {
    fileprivate init(_ json: JSON) {
        self.init(
            uuid: json["UUID"].string ?? "", functionArn: json["FunctionArn"].string ?? "",
            sourceArn: json["EventSourceArn"].string ?? "", state: json["State"].string ?? "",
            lastProcessingResult: json["LastProcessingResult"].string, batchSize: json["BatchSize"].int)
    }
}
