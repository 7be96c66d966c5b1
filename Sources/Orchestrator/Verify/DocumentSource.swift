import EventSourcing

/// The documents of one read model of one release, wherever they are kept.
protocol DocumentSource: Sendable {
    /// Parts that can be read side by side.
    var segments: Int { get }
    /// Reads one part, a page at a time. A document that is there all the while is seen once; of one that comes, goes or changes meanwhile, nothing
    /// is promised. Memory: a page.
    /// - Parameter idsOnly: the documents come without their fields.
    func read(segment: Int, idsOnly: Bool, _ page: ([String: SourceDocument]) async throws -> Void) async throws
    /// The documents of these ids as they are now; those that don't exist are missing.
    func documents(_ ids: [String]) async throws -> [String: SourceDocument]
}

extension DocumentSource {
    /// How many documents there are. Memory: a page of ids of each segment.
    func count() async throws -> Int {
        try await withThrowingTaskGroup(of: Int.self) { group in
            for segment in 0..<segments {
                group.addTask {
                    var count = 0
                    try await read(segment: segment, idsOnly: true) { count += $0.count }
                    return count
                }
            }
            return try await group.reduce(0, +)
        }
    }
}

struct SourceDocument: Sendable {
    var fields: DocumentDiff.Fields
    var position: ParityReport.Position
}
