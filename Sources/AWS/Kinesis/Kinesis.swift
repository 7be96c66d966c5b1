/// Kinesis Data Streams: making and removing streams.
public struct Kinesis: Sendable {
    public struct StreamDescription: Sendable, Hashable {
        public var name: String
        public var arn: String
        /// `CREATING`, `UPDATING`, `DELETING` or `ACTIVE`.
        public var status: String
        /// Open ones.
        public var shards: Int
        public var retentionHours: Int
    }

    private let client: AWSClient

    public init(_ client: AWSClient) {
        self.client = client
    }

    /// A stream of provisioned shards, with tags from its first moment.
    /// - Throws: `AWSError`, with `isAlreadyExists` where there is a stream of that name.
    public func createStream(_ name: String, shards: Int, tags: [String: String] = [:]) async throws {
        var body: [String: JSON] = [
            "StreamName": .string(name), "ShardCount": .int(shards),
            "StreamModeDetails": ["StreamMode": "PROVISIONED"],
        ]
        if !tags.isEmpty { body["Tags"] = .strings(tags) }
        _ = try await call("CreateStream", body)
        guard !tags.isEmpty else { return }
        // Not every local cloud heeds the tags above. AWS does, and refuses this one while the stream is CREATING.
        do {
            try await addTags(name, tags)
        } catch let error as AWSError where error.code == "ResourceInUseException" {}
    }

    /// - Returns: nil where there is no such stream.
    public func describeStream(_ name: String) async throws -> StreamDescription? {
        do {
            let answer = try await call("DescribeStreamSummary", ["StreamName": .string(name)])
            let stream = answer["StreamDescriptionSummary"]
            return StreamDescription(
                name: stream["StreamName"].string ?? name, arn: stream["StreamARN"].string ?? "",
                status: stream["StreamStatus"].string ?? "", shards: stream["OpenShardCount"].int ?? 0,
                retentionHours: stream["RetentionPeriodHours"].int ?? 24)
        } catch let error as AWSError where error.isNotFound {
            return nil
        }
    }

    @discardableResult
    public func waitUntilActive(_ name: String, deadline: Duration = .seconds(300)) async throws -> StreamDescription? {
        var active: StreamDescription?
        try await Waiter("stream \(name) to become ACTIVE", deadline: deadline, clock: client.clock).wait {
            active = try await describeStream(name)
            return active?.status == "ACTIVE" ? .reached : .notYet(active?.status ?? "absent")
        }
        return active
    }

    /// - Parameter hours: more than now (new streams have 24), at most 8,760.
    public func increaseRetention(_ name: String, hours: Int) async throws {
        _ = try await call(
            "IncreaseStreamRetentionPeriod", ["StreamName": .string(name), "RetentionPeriodHours": .int(hours)])
    }

    /// Also deregisters its consumers. Nothing happens where there is no such stream.
    public func deleteStream(_ name: String) async throws {
        do {
            _ = try await call("DeleteStream", ["StreamName": .string(name), "EnforceConsumerDeletion": true])
        } catch let error as AWSError where error.isNotFound {}
    }

    public func tags(_ name: String) async throws -> [String: String] {
        let answer = try await call("ListTagsForStream", ["StreamName": .string(name)])
        let pairs = (answer["Tags"].array ?? []).compactMap { tag in
            tag["Key"].string.map { ($0, tag["Value"].string ?? "") }
        }
        return Dictionary(pairs) { $1 }
    }

    public func addTags(_ name: String, _ tags: [String: String]) async throws {
        _ = try await call("AddTagsToStream", ["StreamName": .string(name), "Tags": .strings(tags)])
    }

    private func call(_ operation: String, _ body: [String: JSON]) async throws -> JSON {
        try await client.call(.kinesis, operation, target: "Kinesis_20131202", body)
    }
}
