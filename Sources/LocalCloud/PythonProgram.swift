import Foundation

/// The search server's program, `Resources/search.py`.
enum SearchProgram {
    /// Beside the executable as it was built, else in the sources.
    static func path() throws -> String {
        let folder = URL(fileURLWithPath: Bundle.main.executablePath ?? "").deletingLastPathComponent()
        let built = ["resources", "bundle"].map { folder.appendingPathComponent("immutable-stack_LocalCloud.\($0)/search.py").path }
        let source = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Resources/search.py").path
        let places = built + [source]
        guard let found = places.first(where: FileManager.default.fileExists) else { throw LocalCloudError.noSearchProgram(places: places) }
        return found
    }
}
