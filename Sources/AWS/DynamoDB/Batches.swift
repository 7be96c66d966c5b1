extension DynamoDB {
    /// After so many rounds in a row in which DynamoDB takes nothing, a batch fails.
    static let fruitlessRounds = 12
    /// A request's limit is 16 MB; this leaves room for what surrounds the items.
    public static let largestBatch = 15 * 1024 * 1024

    /// What DynamoDB leaves out is asked for again, with backoff.
    public func batchGet(_ table: String, keys: [Item], consistent: Bool) async throws -> [Item] {
        var found: [Item] = []
        var seen: Set<Item> = []
        let distinct = keys.filter { seen.insert($0).inserted }
        var next = 0
        while next < distinct.count {
            let end = min(next + 100, distinct.count)
            var waiting = Array(distinct[next..<end])
            next = end
            try await inRounds(operation: "BatchGetItem") {
                let asked = waiting.count
                let (items, left) = try await batchGetOnce(table, keys: waiting, consistent: consistent)
                found += items
                waiting = left
                return Progress(isDone: left.isEmpty, isFruitful: left.count < asked)
            }
        }
        return found
    }

    /// In chunks of 25; what DynamoDB leaves out is sent again, with backoff.
    public func batchPut(_ table: String, _ items: [Item]) async throws {
        try await batchPut(table, encoded: items.map(EncodedItem.init))
    }

    public func batchPut(_ table: String, encoded items: [EncodedItem]) async throws {
        try await batchWrite(table, items, action: "PutRequest", member: "Item")
    }

    /// As `batchPut`.
    public func batchDelete(_ table: String, keys: [Item]) async throws {
        try await batchWrite(table, keys.map(EncodedItem.init), action: "DeleteRequest", member: "Key")
    }

    private func batchWrite(_ table: String, _ items: [EncodedItem], action: String, member: String) async throws {
        var first = items.startIndex
        while first < items.endIndex {
            var next = first
            var size = 0
            while next < items.endIndex, next - first < Self.itemsPerBatch,
                next == first || size + items[next].json.count <= Self.largestBatch
            {
                size += items[next].json.count
                next += 1
            }
            try await batchWriteChunk(table, items[first..<next], action: action, member: member)
            first = next
        }
    }

    private func batchWriteChunk(
        _ table: String, _ chunk: ArraySlice<EncodedItem>, action: String, member: String
    ) async throws {
        var waiting = Array(chunk)
        try await inRounds(operation: "BatchWriteItem") {
            let sent = waiting.count
            waiting = try await batchWriteOnce(table, waiting, action: action, member: member)
            return Progress(isDone: waiting.isEmpty, isFruitful: waiting.count < sent)
        }
    }

    public func putBatch(_ table: String, encoded items: [EncodedItem]) async throws -> [EncodedItem] {
        guard !items.isEmpty else { return [] }
        return try await batchWriteOnce(table, items, action: "PutRequest", member: "Item", retry: .unlessThrottled)
    }

    /// Returns the items, or keys, that were left out, as they came back.
    private func batchWriteOnce(
        _ table: String, _ chunk: [EncodedItem], action: String, member: String, retry: RetryRule = .whenTransient
    ) async throws -> [EncodedItem] {
        let body = Self.requestItems(table, size: chunk.reduce(200) { $0 + $1.json.count + 40 }) { writer in
            writer.array { writer in
                for item in chunk {
                    writer.object { writer in
                        writer.name(action)
                        writer.object { writer in
                            writer.name(member)
                            writer.raw(item.json)
                        }
                    }
                }
            }
        }
        let answer = try await answer("BatchWriteItem", body, retry: retry)
        return try read("BatchWriteItem", answer) { reader in
            try reader.unprocessed("UnprocessedItems") { reader in
                var left: [EncodedItem] = []
                try reader.array { request in
                    try request.object { _, request in
                        try request.object { _, request in left.append(try request.encodedItem(of: answer)) }
                    }
                }
                return left
            }
        }
    }

    private func batchGetOnce(
        _ table: String, keys: [Item], consistent: Bool
    ) async throws -> (found: [Item], left: [Item]) {
        let body = Self.requestItems(table) { writer in
            writer.object { writer in
                writer.name("Keys")
                writer.array { writer in for key in keys { writer.item(key) } }
                writer.name("ConsistentRead")
                writer.raw(consistent ? "true" : "false")
            }
        }
        return try await call("BatchGetItem", body) { reader in
            var found: [Item] = []
            var left: [Item] = []
            try reader.object { name, reader in
                switch name {
                case "Responses": try reader.object { _, reader in found += try reader.items() }
                case "UnprocessedKeys":
                    try reader.object { _, reader in
                        try reader.object { name, reader in
                            if name == "Keys" { left += try reader.items() } else { try reader.skip() }
                        }
                    }
                default: try reader.skip()
                }
            }
            return (found, left)
        }
    }

    private static func requestItems(_ table: String, size: Int = 0, _ content: (inout JSONWriter) -> Void) -> JSONWriter {
        var body = JSONWriter(capacity: size)
        body.object { writer in
            writer.name("RequestItems")
            writer.object { writer in
                writer.name(table)
                content(&writer)
            }
        }
        return body
    }

    private struct Progress {
        var isDone: Bool
        var isFruitful: Bool
    }

    /// Repeats the round until it is done, with a pause that grows while DynamoDB takes nothing.
    private func inRounds(operation: String, _ round: () async throws -> Progress) async throws {
        var fruitless = 0
        while true {
            let progress = try await round()
            if progress.isDone { return }
            fruitless = progress.isFruitful ? 0 : fruitless + 1
            guard fruitless < Self.fruitlessRounds else {
                throw AWSError(
                    service: "DynamoDB", operation: operation, code: "ProvisionedThroughputExceededException",
                    message: "nothing was taken in \(fruitless) rounds; wait until the table has scaled up",
                    statusCode: 200)
            }
            let pause = client.configuration.retry.delay(after: fruitless + 1, random: client.clock.random())
            try await client.clock.sleep(pause)
        }
    }
}

extension JSONReader {
    fileprivate mutating func unprocessed<Left>(
        _ wanted: String, _ read: (inout JSONReader) throws -> [Left]
    ) throws -> [Left] {
        var left: [Left] = []
        try object { name, reader in
            guard name == wanted else { return try reader.skip() }
            try reader.object { _, reader in left += try read(&reader) }
        }
        return left
    }
}
