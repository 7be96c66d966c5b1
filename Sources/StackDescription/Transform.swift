/// The conversion that events pass while they are copied into a new release.
public struct Transform: Codable, Sendable, Hashable {
    /// The transform's name in the functions' catalogue.
    public var name: String
    /// Whether events of the new release can be turned back, which a rollback needs.
    public var reversible: Bool

    /// Absent in manifests of streams that stay apart.
    private var merges: Bool?

    /// Whether it makes one stream of several, for which a replay stages events in a table of its own.
    public var merging: Bool { merges ?? false }

    /// - Parameter merging: whether it makes one stream of several.
    public static func copy(_ name: String, reversible: Bool, merging: Bool = false) -> Transform {
        Transform(name: name, reversible: reversible, merges: merging ? true : nil)
    }
}
