import Foundation

/// A program of the local cloud, `Resources/<name>.py`.
enum PythonProgram: String {
    case search, server

    /// Beside the executable as it was built, else in the sources.
    func path() throws -> String {
        let file = rawValue + ".py"
        let folder = URL(fileURLWithPath: Bundle.main.executablePath ?? "").deletingLastPathComponent()
        let built = ["resources", "bundle"].map { folder.appendingPathComponent("immutable-stack_LocalCloud.\($0)/\(file)").path }
        let source = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Resources/\(file)").path
        let places = built + [source]
        guard let found = places.first(where: FileManager.default.fileExists) else { throw LocalCloudError.noProgram(places: places) }
        return found
    }
}
