/// What the parts of a release are called. A resource of a release is named `<stack>-<release>-<part>`.
public enum PartName {
    /// The longest name that a release may have, such as `r7` or `r1024`.
    public static let longestRelease = 5

    /// Parts that every release or stack has of its own, so that nothing in a manifest may be called so.
    public static let reserved: Set<String> = [
        "api", "archive", "bus", "cursors", "default", "effects", "events", "ledger", "release", "replay",
        "replay-segments", "replicator", "return-replicator",
    ]

    /// The part name of a handler: `PlaceOrder` gives `place-order`, `SplitHTTPName` gives `split-http-name`.
    public static func kebabCase(_ handler: String) -> String {
        let characters = Array(handler)
        var result = ""
        for (index, character) in characters.enumerated() {
            if character == "_" || character == "-" {
                result += "-"
                continue
            }
            if character.isUppercase, index > 0 {
                let previous = characters[index - 1]
                let nextIsLowercase = index + 1 < characters.count && characters[index + 1].isLowercase
                if previous.isLowercase || previous.isNumber || (previous.isUppercase && nextIsLowercase) {
                    result += "-"
                }
            }
            result += character.lowercased()
        }
        return result
    }

    /// The part name of the function that answers a read model's routes.
    public static func query(of readModel: String) -> String { "\(readModel)-query" }

    /// The part name of the function that makes a mapping's documents.
    public static func mapping(_ name: String) -> String { "mapping-\(kebabCase(name))" }

    /// How long a part's name may be if the full name is to fit `limit` with every release of the stack.
    static func room(in limit: Int, stack: String) -> Int { limit - stack.count - 1 - longestRelease - 1 }
}

/// One Lambda function of a release, of those that the manifest names.
public struct FunctionPart: Sendable, Hashable {
    public enum Role: Sendable, Hashable {
        case command(Command)
        case projector(ReadModel)
        case query(ReadModel)
        case reactor(Reactor)
        /// By its name in the functions' catalogue.
        case mapping(String)
    }

    /// The `<part>` of the function's name.
    public var name: String
    public var role: Role
}

extension Stack {
    /// The functions that the manifest names, in its order: commands, then for each read model its projector and, where
    /// it serves routes, its query function, then reactors, then the mappings that parity needs.
    public var functionParts: [FunctionPart] {
        commands.map { FunctionPart(name: PartName.kebabCase($0.handler), role: .command($0)) }
            + readModels.flatMap { model in
                [FunctionPart(name: PartName.kebabCase(model.projection), role: .projector(model))]
                    + (model.serves.isEmpty
                        ? [] : [FunctionPart(name: PartName.query(of: model.name), role: .query(model))])
            }
            + reactors.map { FunctionPart(name: PartName.kebabCase($0.handler), role: .reactor($0)) }
            + mappings.map { FunctionPart(name: PartName.mapping($0), role: .mapping($0)) }
    }
}
