/// What a compiled manifest hands to whoever ran it.
public struct Envelope: Codable, Sendable, Hashable {
    /// The version that this library writes. It changes when an older reader could misunderstand what is written.
    public static let currentVersion = 1

    /// The manifest's first line has to be this and `currentVersion`.
    public static let versionComment = "// immutable-stack-version: "

    public var version: Int
    /// The one stack that the manifest created.
    public var stack: Stack?
    /// The names of all stacks, where the manifest created more than one.
    public var conflicting: [String]?

    init(stacks: [Stack]) {
        version = Envelope.currentVersion
        stack = stacks.count == 1 ? stacks.first : nil
        conflicting = stacks.count > 1 ? stacks.map(\.name) : nil
    }

    /// JSON with sorted keys and no white space: equal envelopes are equal bytes.
    func json() throws -> String { try JSONText.encode(self) }
}
