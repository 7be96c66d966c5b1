import Foundation
import StackDescription

/// Asks a functions product what it contains.
struct CatalogueProgram: Sendable {
    let executable: String
    /// Only what starting a program may need is passed on: credentials are not.
    let environment: [String: String]

    init(executable: String, environment: [String: String]) {
        self.executable = executable
        self.environment = environment.filter { ["PATH", "HOME", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"].contains($0.key) }
    }

    /// - Throws: ``ArtifactError``, `CancellationError`
    func read(limit: Duration = .seconds(30)) async throws -> Catalogue {
        let result = try await ChildProgram(path: executable, arguments: ["--catalogue"], environment: environment).run(limit: limit)
        func failed(_ reason: String) -> ArtifactError {
            .catalogueFailed(path: executable, reason: reason, output: result.tail(20))
        }
        switch result.end {
        case .exited(0): break
        case .exited(let status): throw failed("ended with status \(status)")
        case .signalled(let signal): throw failed("crashed with signal \(signal)")
        case .timedOut: throw failed("did not end within \(limit)")
        }
        do {
            return try JSONDecoder().decode(Catalogue.self, from: result.output)
        } catch {
            throw failed("printed something else than a catalogue")
        }
    }
}
