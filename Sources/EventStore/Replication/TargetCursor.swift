import AWS
import EventSourcing

/// The last version of a target stream that other streams than the one of its name feed.
struct TargetCursor: Sendable, Hashable {
    var stream: String
    var version: Int
    /// Whether the item has the version; it is seeded from the target's table.
    private var isStored: Bool
    /// The one source stream that may feed it; `nil`: any.
    private(set) var feeder: String?

    static func key(of source: String, _ stream: String) -> Item { ["consumer": .s(CursorKey.target(of: source, stream))] }

    /// The cursors of `streams`, by stream.
    static func load(_ streams: some Collection<String>, of source: String, ledger: Ledger, names: ReleaseNames) async throws
        -> [String: TargetCursor]
    {
        let items = try await ledger.dynamo.batchGet(names.cursors, keys: streams.map { key(of: source, $0) })
        let byKey = Dictionary(items.compactMap { item in item["consumer"].map { ($0, item) } }, uniquingKeysWith: { first, _ in first })
        var cursors: [String: TargetCursor] = [:]
        for stream in streams {
            let item = key(of: source, stream)["consumer"].flatMap { byKey[$0] }
            if let version = item?["version"]?.int {
                cursors[stream] = TargetCursor(stream: stream, version: version, isStored: true, feeder: item?["feeder"]?.string)
            } else {
                let version = try await StreamReader(dynamo: ledger.dynamo, table: names.events).lastVersion(stream)
                cursors[stream] = TargetCursor(stream: stream, version: version, isStored: false, feeder: item?["feeder"]?.string)
            }
        }
        return cursors
    }

    private init(stream: String, version: Int, isStored: Bool, feeder: String?) {
        (self.stream, self.version, self.isStored, self.feeder) = (stream, version, isStored, feeder)
    }

    /// The write that moves the cursor to `next`. `only`: the one stream that may feed the target.
    func advance(to next: Int, only source: String?, of release: String, table: String) -> Write {
        var set = "SET #version = :next"
        var condition = isStored ? "#version = :old" : "attribute_not_exists(#version)"
        var values: Item = [":next": .int(next)]
        if isStored { values[":old"] = .int(version) }
        if let source {
            set += ", #feeder = :feeder"
            condition += " AND (attribute_not_exists(#feeder) OR #feeder = :feeder)"
            values[":feeder"] = .s(source)
        }
        return .update(table, Self.key(of: release, stream), set, if: condition, values: values)
    }
}
