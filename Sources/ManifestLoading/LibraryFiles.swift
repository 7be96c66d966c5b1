import Foundation

/// The files of the library StackDescription: its module, for the compiler, and its code, for the linker.
struct LibraryFiles: Sendable {
    /// The directory that has the module.
    let modules: URL
    /// What is linked: the objects of a build, else the library as it was installed.
    let code: [URL]
    /// States of all these files.
    let stamps: [FileStamp]
    /// Where the loader finds the library when the manifest runs; nil if it is linked in.
    let dynamicLibraryDirectory: URL?

    private static let name = "StackDescription"

    /// Nil where the directory hasn't both.
    init?(in directory: URL) {
        let module = "\(Self.name).swiftmodule"
        guard
            let modules = [directory, directory.appending(path: "Modules")].first(where: {
                FileManager.default.fileExists(atPath: $0.appending(path: module).path(percentEncoded: false))
            })
        else { return nil }

        // Objects come first: a build always brings them up to date along with the module, the dynamic library only
        // when that product is built.
        let objects = Self.objects(in: directory.appending(path: "\(Self.name).build"))
        let installed = ["so", "dylib", "a"].map { directory.appending(path: "lib\(Self.name).\($0)") }
            .first { FileManager.default.fileExists(atPath: $0.path(percentEncoded: false)) }
        guard !objects.isEmpty || installed != nil else { return nil }

        self.modules = modules
        code = objects.isEmpty ? [installed].compactMap { $0 } : objects
        dynamicLibraryDirectory = objects.isEmpty && installed?.pathExtension != "a" ? directory : nil
        stamps = ([modules.appending(path: module)] + code).compactMap(FileStamp.init)
    }

    /// The object files of SwiftPM's build of the library. The directory may also have objects of files that the
    /// library had once, so the build's own list decides.
    private static func objects(in build: URL) -> [URL] {
        guard let data = try? Data(contentsOf: build.appending(path: "output-file-map.json")),
            let map = try? JSONDecoder().decode([String: Outputs].self, from: data)
        else { return [] }
        return map.filter { !$0.key.isEmpty }.values.compactMap(\.object).sorted().map { path in
            // The directory may have been moved since; the names stay.
            build.appending(path: URL(filePath: path).lastPathComponent)
        }.filter { FileManager.default.fileExists(atPath: $0.path(percentEncoded: false)) }
    }

    private struct Outputs: Decodable {
        var object: String?
    }
}
