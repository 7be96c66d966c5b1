import EventSourcing
import Crypto
import Foundation
import StackDescription

/// A release's code, and what it says that it contains.
public struct BuiltArtifact: Sendable, Hashable {
    public var artifact: Artifact
    /// Nil for a ready-made archive, and for an executable that this machine can't run.
    public var catalogue: Catalogue?
}

/// Builds and packs the functions that a manifest names.
public struct ArtifactBuilder: Sendable {
    private let products: String?
    private let local: Bool
    private let progress: ProgressSink
    private let environment: [String: String]
    private let cache: ArtifactCache?

    /// - Parameters:
    ///   - products: a folder of built products, of which nothing is built; nil: `swift build` is asked for them.
    ///   - local: for the local cloud: a debug build, packed quickly.
    public init(products: String?, local: Bool, progress: @escaping ProgressSink) {
        let environment = ProcessInfo.processInfo.environment
        self.init(
            products: products, local: local, environment: environment,
            cacheDirectory: ArtifactCache.standardDirectory(environment: environment), progress: progress)
    }

    /// - Parameter cacheDirectory: nil: nothing is kept.
    init(products: String?, local: Bool, environment: [String: String], cacheDirectory: URL?, progress: @escaping ProgressSink) {
        self.products = products
        self.local = local
        self.environment = environment
        self.progress = progress
        cache = cacheDirectory.map(ArtifactCache.init)
    }

    /// - Throws: ``ArtifactError``, `CancellationError`
    public func build(_ functions: Functions, manifestDirectory: String) async throws -> BuiltArtifact {
        switch functions.artifact {
        case .zip(let path, let runtime, _):
            let file = URL(filePath: path, relativeTo: URL(filePath: manifestDirectory, directoryHint: .isDirectory))
            return BuiltArtifact(artifact: try archive(at: file.path(percentEncoded: false), runtime: runtime), catalogue: nil)
        case .swiftProduct(let name):
            let executable = try await executable(name, manifestDirectory: manifestDirectory)
            let catalogue = try await catalogue(of: executable)
            let zip = try await pack(executable)
            return BuiltArtifact(artifact: try artifact(zip, "provided.al2023", local ? "debug" : "release", name), catalogue: catalogue)
        }
    }

    private func executable(_ product: String, manifestDirectory: String) async throws -> String {
        var path: String
        if let products {
            path = URL(filePath: products, directoryHint: .isDirectory).appending(path: product).path(percentEncoded: false)
        } else {
            progress(
                .step("Building \(product)", why: local ? "a debug build, for the local cloud" : "a release build, as Lambda takes it"))
            let build = try SwiftBuild(manifestDirectory: manifestDirectory, environment: environment, release: !local)
            path = try await build.build(product)
        }
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory), !isDirectory.boolValue else {
            throw ArtifactError.noProduct(name: product, path: path, built: products == nil)
        }
        return path
    }

    private func catalogue(of executable: String) async throws -> Catalogue? {
        let format = try ExecutableFormat(path: executable)
        if format == .machO && !local { throw ArtifactError.notForLambda(path: executable) }
        guard format.runsHere else {
            progress(.note("\(executable) is built for another machine: its catalogue isn't held against the manifest"))
            return nil
        }
        return try await CatalogueProgram(executable: executable, environment: environment).read()
    }

    /// Local archives are made often and never leave the machine, so they are compressed quickly.
    private func pack(_ executable: String) async throws -> [UInt8] {
        let level = local ? 1 : 6
        let key = ArtifactCache.key(executable: executable, packing: "\(local ? "stripped" : "as built") \(level)")
        if let key, let zip = cache?.read(key) { return zip }
        let bytes = try await stripped(executable) ?? Array(try Data(contentsOf: URL(filePath: executable)))
        let zip = try ZipArchive.write([.init(name: "bootstrap", bytes: bytes, mode: 0o755)], level: level)
        if let key { cache?.write(zip, for: key) }
        return zip
    }

    private func stripped(_ executable: String) async throws -> [UInt8]? {
        guard local, try ExecutableFormat(path: executable) != .other else { return nil }
        guard let stripper = SymbolStripper(environment: environment) else {
            progress(.note("no strip, llvm-strip or llvm-objcopy on the PATH: the archive keeps the debug symbols"))
            return nil
        }
        let bytes = try await stripper.strip(executable)
        if bytes == nil { progress(.note("\(stripper.tool) can't strip \(executable): the archive keeps the debug symbols")) }
        return bytes
    }

    private func archive(at path: String, runtime: String) throws -> Artifact {
        let target = URL(filePath: path).resolvingSymlinksInPath().path(percentEncoded: false)
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: target), let size = attributes[.size] as? NSNumber else {
            throw ArtifactError.noArchive(path: path, reason: "there is no such file")
        }
        guard attributes[.type] as? FileAttributeType == .typeRegular else {
            throw ArtifactError.noArchive(path: path, reason: "it is no file")
        }
        guard size.intValue <= ArtifactError.archiveLimit else { throw ArtifactError.tooLarge(what: path, bytes: size.intValue) }
        let bytes: [UInt8]
        do {
            bytes = Array(try Data(contentsOf: URL(filePath: target)))
        } catch {
            throw ArtifactError.noArchive(path: path, reason: error.localizedDescription)
        }
        // A local file header, with which every archive begins that has a file in it.
        guard bytes.starts(with: [0x50, 0x4B, 0x03, 0x04]) else {
            throw ArtifactError.noArchive(path: path, reason: "it is no ZIP archive")
        }
        return try artifact(bytes, runtime, "zip", path)
    }

    private func artifact(_ zip: [UInt8], _ runtime: String, _ kind: String, _ what: String) throws -> Artifact {
        guard zip.count <= ArtifactError.archiveLimit else {
            throw ArtifactError.tooLarge(what: "the archive of '\(what)'", bytes: zip.count)
        }
        return Artifact(zip: zip, runtime: runtime, kind: kind, digest: SHA256.hash(data: zip).hexadecimal)
    }
}
