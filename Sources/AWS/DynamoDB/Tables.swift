extension DynamoDB {
    public struct KeyAttribute: Sendable, Hashable {
        public enum Kind: String, Sendable, Hashable {
            case string = "S"
            case number = "N"
            case binary = "B"
        }

        public var name: String
        public var kind: Kind

        public init(_ name: String, _ kind: Kind) {
            self.name = name
            self.kind = kind
        }

        public static func string(_ name: String) -> KeyAttribute { KeyAttribute(name, .string) }
        public static func number(_ name: String) -> KeyAttribute { KeyAttribute(name, .number) }
    }

    /// A global secondary index with all attributes.
    public struct IndexDefinition: Sendable, Hashable {
        public var name: String
        public var hashKey: KeyAttribute
        public var rangeKey: KeyAttribute?

        public init(name: String, hashKey: KeyAttribute, rangeKey: KeyAttribute? = nil) {
            self.name = name
            self.hashKey = hashKey
            self.rangeKey = rangeKey
        }
    }

    /// A table, billed on demand.
    public struct TableDefinition: Sendable, Hashable {
        public var name: String
        public var hashKey: KeyAttribute
        public var rangeKey: KeyAttribute?
        public var indexes: [IndexDefinition]
        public var deletionProtection: Bool
        public var tags: [String: String]

        public init(
            name: String, hashKey: KeyAttribute, rangeKey: KeyAttribute? = nil, indexes: [IndexDefinition] = [],
            deletionProtection: Bool = false, tags: [String: String] = [:]
        ) {
            self.name = name
            self.hashKey = hashKey
            self.rangeKey = rangeKey
            self.indexes = indexes
            self.deletionProtection = deletionProtection
            self.tags = tags
        }
    }

    public struct TableDescription: Sendable, Hashable {
        public struct Index: Sendable, Hashable {
            public var name: String
            /// `CREATING`, `UPDATING`, `DELETING` or `ACTIVE`.
            public var status: String
        }

        public var name: String
        public var arn: String
        /// `CREATING`, `UPDATING`, `DELETING`, `ACTIVE`, `ARCHIVING`, `ARCHIVED` or `INACCESSIBLE_ENCRYPTION_CREDENTIALS`.
        public var status: String
        /// DynamoDB brings it up to date about every six hours.
        public var itemCount: Int
        public var sizeBytes: Int
        public var deletionProtection: Bool
        public var indexes: [Index]

        /// The table and all of its indexes can be used.
        public var isActive: Bool { status == "ACTIVE" && indexes.allSatisfy { $0.status == "ACTIVE" } }
    }

    /// - Throws: `AWSError`, with `isAlreadyExists` where there is a table of that name.
    @discardableResult
    public func createTable(_ table: TableDefinition) async throws -> TableDescription {
        var keys: [KeyAttribute?] = [table.hashKey, table.rangeKey]
        for index in table.indexes { keys += [index.hashKey, index.rangeKey] }
        var kinds: [String: KeyAttribute.Kind] = [:]
        for case let key? in keys { kinds[key.name] = key.kind }
        var body: [String: JSON] = [
            "TableName": .string(table.name),
            "AttributeDefinitions": .array(
                kinds.sorted { $0.key < $1.key }.map {
                    ["AttributeName": .string($0.key), "AttributeType": .string($0.value.rawValue)]
                }),
            "KeySchema": Self.keySchema(table.hashKey, table.rangeKey),
            "BillingMode": "PAY_PER_REQUEST",
            "DeletionProtectionEnabled": .bool(table.deletionProtection),
        ]
        if !table.indexes.isEmpty {
            body["GlobalSecondaryIndexes"] = .array(
                table.indexes.map {
                    [
                        "IndexName": .string($0.name), "KeySchema": Self.keySchema($0.hashKey, $0.rangeKey),
                        "Projection": ["ProjectionType": "ALL"],
                    ]
                })
        }
        if !table.tags.isEmpty { body["Tags"] = .tags(table.tags) }
        return TableDescription(try await call("CreateTable", body)["TableDescription"])
    }

    /// - Returns: nil where there is no such table.
    public func describeTable(_ name: String) async throws -> TableDescription? {
        do {
            return TableDescription(try await call("DescribeTable", ["TableName": .string(name)])["Table"])
        } catch let error as AWSError where error.isNotFound {
            return nil
        }
    }

    /// Nothing happens where there is no such table.
    public func deleteTable(_ name: String) async throws {
        do {
            _ = try await call("DeleteTable", ["TableName": .string(name)])
        } catch let error as AWSError where error.isNotFound {}
    }

    public func updateDeletionProtection(_ name: String, _ isOn: Bool) async throws {
        _ = try await call("UpdateTable", ["TableName": .string(name), "DeletionProtectionEnabled": .bool(isOn)])
    }

    public func updateContinuousBackups(_ name: String, pointInTimeRecovery: Bool) async throws {
        _ = try await call(
            "UpdateContinuousBackups",
            [
                "TableName": .string(name),
                "PointInTimeRecoverySpecification": ["PointInTimeRecoveryEnabled": .bool(pointInTimeRecovery)],
            ])
    }

    /// Whether the table can be restored to a moment in the past.
    public func hasPointInTimeRecovery(_ name: String) async throws -> Bool {
        let answer = try await call("DescribeContinuousBackups", ["TableName": .string(name)])
        let recovery = answer["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"]
        return recovery["PointInTimeRecoveryStatus"].string == "ENABLED"
    }

    public func tagResource(arn: String, _ tags: [String: String]) async throws {
        _ = try await call("TagResource", ["ResourceArn": .string(arn), "Tags": .tags(tags)])
    }

    private static func keySchema(_ hash: KeyAttribute, _ range: KeyAttribute?) -> JSON {
        var keys: [JSON] = [["AttributeName": .string(hash.name), "KeyType": "HASH"]]
        if let range { keys.append(["AttributeName": .string(range.name), "KeyType": "RANGE"]) }
        return .array(keys)
    }

    func call(_ operation: String, _ members: [String: JSON]) async throws -> JSON {
        var body = JSONWriter()
        body.json(.object(members))
        return try await call(operation, body) { try $0.json() }
    }
}

extension DynamoDB.TableDescription {
    init(_ json: JSON) {
        name = json["TableName"].string ?? ""
        arn = json["TableArn"].string ?? ""
        status = json["TableStatus"].string ?? ""
        itemCount = json["ItemCount"].int ?? 0
        sizeBytes = json["TableSizeBytes"].int ?? 0
        deletionProtection = json["DeletionProtectionEnabled"].bool ?? false
        indexes = (json["GlobalSecondaryIndexes"].array ?? []).map {
            Index(name: $0["IndexName"].string ?? "", status: $0["IndexStatus"].string ?? "")
        }
    }
}

extension JSON {
    /// `[{"Key": …, "Value": …}]`, sorted by key.
    static func tags(_ tags: [String: String]) -> JSON {
        .array(tags.sorted { $0.key < $1.key }.map { ["Key": .string($0.key), "Value": .string($0.value)] })
    }
}
