/// The conversion that events pass while they are copied into a new release.
public struct Transform: Codable, Sendable, Hashable {
    /// The transform's name in the functions' catalogue.
    public var name: String
    /// Whether events of the new release can be turned back, which a rollback needs.
    public var reversible: Bool

    public static func copy(_ name: String, reversible: Bool) -> Transform {
        Transform(name: name, reversible: reversible)
    }
}
