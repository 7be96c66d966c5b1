/// The packages of a Python environment, each pinned by its version and the SHA-256 of its files.
public struct PythonPackages: Sendable {
    /// Names the environment's folder, e.g. `ministack-1.5.33`.
    public let name: String
    /// Whose they are, for a person, e.g. `the local cloud`.
    public let purpose: String
    /// In pip's format, each with its hashes.
    public let requirements: String

    public init(name: String, purpose: String, requirements: String) {
        self.name = name
        self.purpose = purpose
        self.requirements = requirements
    }

    static let localCloud = PythonPackages(
        name: "ministack-\(Requirements.version)", purpose: "the local cloud", requirements: Requirements.text)
}
