/// The code of a release's functions, as Lambda takes it.
public struct Artifact: Sendable, Hashable {
    /// The archive's bytes; at most 50 MB (direct upload).
    public var zip: [UInt8]
    public var runtime: String
    /// `debug` or `release`; `zip` for a ready-made archive.
    public var kind: String
    /// SHA-256 of the archive, hexadecimal.
    public var digest: String
}
