import Foundation
import Orchestrator

/// What a stack's candidate, or else its live release, is to some sources.
enum CandidateState: String, Encodable, Equatable {
    case none
    /// There is none, and the live release has the same sources: there is nothing to deploy.
    case live
    /// Of the same sources, and ready: there is nothing to deploy.
    case ready
    /// Of the same sources: a deployment goes on with it.
    case unfinished
    /// Of other sources: it has to be cut over to, or given up, first.
    case other

    /// Looks at what was deployed: the candidate's manifest, and the code that its functions run.
    static func look(_ cloud: Cloud, _ sources: LoadedSources) async throws -> CandidateState {
        guard try await ControlTable(dynamo: cloud.dynamo).exists() else { return .none }
        let releases = try await ReleaseStore(dynamo: cloud.dynamo, stack: sources.stack.name).all()
        if let candidate = releases.last(where: { $0.state == .candidate }) {
            return CandidateState(candidate, isSame: try await isSame(candidate, sources, cloud))
        }
        guard let live = releases.last(where: { $0.state == .live }) else { return .none }
        return try await isSame(live, sources, cloud) ? .live : .none
    }

    private static func isSame(_ release: ReleaseRecord, _ sources: LoadedSources, _ cloud: Cloud) async throws -> Bool {
        // Every release has this function, and all run the same archive.
        let deployed = try await cloud.lambda.getFunction(release.names.function("release"))?.codeSha256
        return release.manifest == sources.stack && (deployed == nil || deployed == base64(sources.artifact.digest))
    }

    init(_ candidate: ReleaseRecord, isSame: Bool) {
        self = !isSame ? .other : candidate.phase == .ready ? .ready : .unfinished
    }

    /// Lambda tells a digest in base64.
    static func base64(_ hexadecimal: String) -> String? {
        let digits = Array(hexadecimal)
        let bytes = stride(from: 0, to: digits.count - 1, by: 2).compactMap { UInt8(String(digits[$0...$0 + 1]), radix: 16) }
        return bytes.count * 2 == digits.count ? Data(bytes).base64EncodedString() : nil
    }
}
