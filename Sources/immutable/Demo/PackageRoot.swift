import Foundation

/// The folder of this project, which has the example stacks.
struct PackageRoot: Sendable {
    let path: String

    /// A path below it.
    func path(_ name: String) -> String { "\(path)/\(name)" }

    /// The first that has `stacks/orders`, upwards from the current directory, else from the executable.
    /// - Throws: ``NoPackageRoot``
    static func find(
        from directory: String = FileManager.default.currentDirectoryPath, executable: String? = Bundle.main.executablePath
    ) throws -> PackageRoot {
        let starts = [directory] + (executable.map { [URL(filePath: $0).resolvingSymlinksInPath().path] } ?? [])
        for start in starts {
            var folder = URL(filePath: start).standardizedFileURL
            while true {
                let root = PackageRoot(path: folder.path)
                if ["Package.swift", "stacks/orders/Stack.swift", "stacks/orders-v2/Stack.swift"].allSatisfy({
                    FileManager.default.fileExists(atPath: root.path($0))
                }) {
                    return root
                }
                guard folder.pathComponents.count > 1 else { break }
                folder.deleteLastPathComponent()
            }
        }
        throw NoPackageRoot(directory: directory)
    }
}

/// The demo can't find what it deploys.
struct NoPackageRoot: Error, CustomStringConvertible {
    var directory: String

    var description: String {
        """
        the demo deploys the example stacks stacks/orders and stacks/orders-v2, and neither \(directory) nor a folder above it has them.
        hint: run it in a clone of the project
        """
    }
}
