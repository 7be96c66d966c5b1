import Foundation

/// Where the products under test and the sources beside them are.
enum Products {
    /// The directory of the test bundle, where SwiftPM puts the products too. Nothing is built from here: a build inside of `swift test` would
    /// wait for the lock that `swift test` holds.
    static let directory: URL = {
        #if os(Linux)
            let bundle = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        #else
            let bundles = Bundle.allBundles.map(\.bundleURL).filter { $0.pathExtension == "xctest" }
            let bundle = bundles.first ?? Bundle.main.bundleURL
        #endif
        return bundle.deletingLastPathComponent()
    }()

    static let package: URL = {
        var folder = URL(filePath: #filePath).deletingLastPathComponent()
        while folder.pathComponents.count > 1, !FileManager.default.fileExists(atPath: path(folder.appending(path: "Package.swift"))) {
            folder.deleteLastPathComponent()
        }
        return folder
    }()

    static var tool: String { path(directory.appending(path: "immutable")) }
    static var audit: String { path(package.appending(path: "Sources/immutable/Resources/audit.py")) }
    static var figures: String { path(package.appending(path: "Tests/Scenarios/figures.py")) }

    static func stack(_ name: String) -> String { path(package.appending(path: "stacks/\(name)")) }

    /// The receipt phase of a permit process in a Dutch municipality (DOI 10.4121/uuid:a07386a5-7be3-4367-9535-70bc9e77dbe6),
    /// where it lies beside the project.
    static let receiptLog: String? = {
        let log = path(package.appending(path: "../shared/data/receipt.csv").standardizedFileURL)
        return FileManager.default.fileExists(atPath: log) ? log : nil
    }()

    static func path(_ url: URL) -> String { url.path(percentEncoded: false) }
}
