/// Why a release's functions can't be packed.
public enum ArtifactError: Error, Sendable, Hashable, CustomStringConvertible {
    case noPackage(manifestDirectory: String)
    case noTool(String)
    /// `output`: the last lines of what the build printed.
    case buildFailed(product: String, command: String, output: String)
    case noProduct(name: String, path: String, built: Bool)
    case cannotStart(program: String, reason: String)
    case notForLambda(path: String)
    case catalogueFailed(path: String, reason: String, output: String)
    case noArchive(path: String, reason: String)
    case tooLarge(what: String, bytes: Int)

    /// Lambda takes 50 MB in a request of its own.
    public static let archiveLimit = 50_000_000

    public var description: String {
        switch self {
        case .noPackage(let directory):
            """
            no Package.swift in \(directory) or above it, and the manifest's functions are a product of its Swift package
            hint: put the manifest inside of the package, or name a folder of built products with --products
            """
        case .noTool(let name):
            "there is no '\(name)' on the PATH\nhint: install Swift 6.3 or newer, or name a folder of built products with --products"
        case .buildFailed(let product, let command, let output):
            "building the product '\(product)' failed:\n\(output)\nhint: mend it and try: \(command)"
        case .noProduct(let name, let path, let built):
            built
                ? "the product '\(name)' was built, but there is no executable at \(path)\nhint: '\(name)' must be an executable product"
                : "there is no built product '\(name)' at \(path)\nhint: build it there, or leave --products out to have it built"
        case .cannotStart(let program, let reason):
            "\(program) can't be started: \(reason)\nhint: see that it is executable, and built for this machine"
        case .notForLambda(let path):
            """
            \(path) is no Linux executable, so Lambda can't run it
            hint: build it on Amazon Linux 2023 (a container will do) and name the folder with --products
            """
        case .catalogueFailed(let path, let reason, let output):
            """
            \(path) --catalogue \(reason)\(output.isEmpty ? "" : ":\n\(output)")
            hint: its main must hand over to StackFunctions(…).run() before it does anything else
            """
        case .noArchive(let path, let reason):
            "the manifest's archive \(path) can't be used: \(reason)\nhint: its path is relative to the manifest's folder"
        case .tooLarge(let what, let bytes):
            """
            \(what) has \(bytes) bytes; Lambda takes up to \(Self.archiveLimit) (50 MB, zipped, uploaded directly)
            hint: build it for release, stripped (-c release -Xlinker -s), or leave out what the functions don't need
            """
        }
    }
}
