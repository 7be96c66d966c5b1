/// Resource Groups Tagging: what carries a tag, over all services of the region.
public struct Tagging: Sendable {
    public struct Resource: Sendable, Hashable {
        public var arn: String
        public var tags: [String: String]
    }

    private let client: AWSClient

    public init(_ client: AWSClient) {
        self.client = client
    }

    /// All pages. The service follows changes with some delay, and may list what was just deleted.
    /// - Parameters:
    ///   - tags: all of these; an empty value matches any.
    ///   - types: e.g. `dynamodb:table`; all where empty.
    public func resources(tags: [String: String], types: [String] = []) async throws -> [Resource] {
        var resources: [Resource] = []
        var token = ""
        repeat {
            var body: [String: JSON] = [
                "TagFilters": .array(
                    tags.sorted { $0.key < $1.key }.map {
                        $0.value.isEmpty
                            ? ["Key": .string($0.key)]
                            : ["Key": .string($0.key), "Values": .strings([$0.value])]
                    })
            ]
            if !types.isEmpty { body["ResourceTypeFilters"] = .strings(types) }
            if !token.isEmpty { body["PaginationToken"] = .string(token) }
            let page = try await client.call(
                .tagging, "GetResources", target: "ResourceGroupsTaggingAPI_20170126", body)
            resources += (page["ResourceTagMappingList"].array ?? []).map(Resource.init)
            token = page["PaginationToken"].string ?? ""
        } while !token.isEmpty
        return resources
    }
}

extension Tagging.Resource {
    fileprivate init(_ json: JSON) {
        arn = json["ResourceARN"].string ?? ""
        let pairs = (json["Tags"].array ?? []).compactMap { tag in
            tag["Key"].string.map { ($0, tag["Value"].string ?? "") }
        }
        tags = Dictionary(pairs) { $1 }
    }
}
