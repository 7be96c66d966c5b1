extension DynamoDB {
    /// Where a table's changes are streamed to.
    public struct KinesisDestination: Sendable, Hashable {
        public var streamArn: String
        /// `ENABLING`, `ACTIVE`, `UPDATING`, `DISABLING`, `DISABLED` or `ENABLE_FAILED`.
        public var status: String

        public init(streamArn: String, status: String) {
            self.streamArn = streamArn
            self.status = status
        }
    }

    /// Order and uniqueness on the stream are not promised, and records that grow too large are dropped.
    public func enableKinesisDestination(_ table: String, streamArn: String) async throws {
        _ = try await call(
            "EnableKinesisStreamingDestination", ["TableName": .string(table), "StreamArn": .string(streamArn)])
    }

    /// Nothing happens where there is no such table.
    public func disableKinesisDestination(_ table: String, streamArn: String) async throws {
        do {
            _ = try await call(
                "DisableKinesisStreamingDestination", ["TableName": .string(table), "StreamArn": .string(streamArn)])
        } catch let error as AWSError where error.isNotFound {}
    }

    /// Past destinations are listed too, as `DISABLED`.
    public func kinesisDestinationStatus(_ table: String) async throws -> [KinesisDestination] {
        let answer = try await call("DescribeKinesisStreamingDestination", ["TableName": .string(table)])
        return (answer["KinesisDataStreamDestinations"].array ?? []).map {
            KinesisDestination(
                streamArn: $0["StreamArn"].string ?? "", status: $0["DestinationStatus"].string ?? "")
        }
    }
}
