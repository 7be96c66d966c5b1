import AWS
import EventStore
import StackDescription

/// The index of a read model, with its mapping, in the stack's search domain.
struct SearchIndex: Resource {
    var name: String
    var model: ReadModel
    var stack: Stack

    var id: String { Self.id(name) }
    static func id(_ name: String) -> String { "index \(name)" }
    var dependencies: [String] { [] }

    func state(in cloud: Cloud) async throws -> ResourceState {
        try await cloud.openSearch(of: stack).mappings(of: name) == nil ? .absent : .ready
    }

    func create(in cloud: Cloud) async throws {
        do {
            try await cloud.openSearch(of: stack).createIndex(name, mappings: Self.mappings(model.mapping ?? []))
        } catch let error as AWSError where error.isAlreadyExists {}
    }

    func delete(in cloud: Cloud) async throws {
        do {
            try await cloud.openSearch(of: stack).deleteIndex(name)
        } catch let error as AWSError where error.isNotFound {}
    }

    /// Makes it anew: of a document that is merely deleted, the index keeps the version, and refuses it again for a while.
    func empty(in cloud: Cloud) async throws {
        let openSearch = try cloud.openSearch(of: stack)
        while true {
            try await delete(in: cloud)
            do {
                return try await openSearch.createIndex(name, mappings: Self.mappings(model.mapping ?? []))
            } catch let error as AWSError where error.isAlreadyExists {
                // A projector wrote in between, so that OpenSearch made one without our mapping.
                try await openSearch.clock.pause(milliseconds: 20...200)
            }
        }
    }

    /// Fields that the manifest doesn't name are kept and not indexed, so that no document's new field changes the mapping.
    static func mappings(_ fields: [ReadModel.Field]) -> JSON {
        var properties: [String: JSON] = ["id": ["type": "keyword"], IndexedDocument.deleted: ["type": "boolean"]]
        for field in fields { insert(field.kind, at: field.path.split(separator: ".").map(String.init), into: &properties) }
        return ["dynamic": false, "properties": .object(properties)]
    }

    private static func insert(_ kind: ReadModel.Field.Kind, at path: [String], into properties: inout [String: JSON]) {
        guard let name = path.first else { return }
        if path.count == 1 {
            properties[name] = type(of: kind)
        } else {
            var inner = properties[name]?["properties"].object ?? [:]
            insert(kind, at: Array(path.dropFirst()), into: &inner)
            properties[name] = ["properties": .object(inner)]
        }
    }

    private static func type(of kind: ReadModel.Field.Kind) -> JSON {
        switch kind {
        case .text: ["type": "text"]
        // A term has at most 32,766 bytes (Lucene), 4 a character: what is longer would be refused with its document.
        case .keyword: ["type": "keyword", "ignore_above": 8191]
        case .number: ["type": "double"]
        case .boolean: ["type": "boolean"]
        case .date: ["type": "date"]
        }
    }
}
