import ArgumentParser
import Foundation
import ManifestLoading

struct Manifest: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print what a stack's Stack.swift describes, as JSON. Needs no cloud.")

    @Argument(help: "The directory that has the stack's Stack.swift.")
    var directory: String

    func run() async throws {
        let manifest = try await ManifestLoader().load(directory)
        Terminal.standardOutput.print(manifest.json)
    }
}
