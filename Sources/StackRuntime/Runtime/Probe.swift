#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// `{"immutable": {"probe": true, "holdMilliseconds": 200}}`: shows that a function answers, and warms an environment. Held ones run side by side.
struct Probe: Sendable {
    private struct Envelope: Decodable {
        struct Body: Decodable {
            var probe: Bool?
            var holdMilliseconds: Int?
        }
        var immutable: Body?
    }

    private let hold: Int

    /// `nil` where the payload is something else.
    init?(_ payload: [UInt8]) {
        // Cheap first: a probe is small, everything else is decoded once only.
        guard payload.count < 256, let envelope = try? JSONDecoder().decode(Envelope.self, from: Data(payload)),
            envelope.immutable?.probe == true
        else { return nil }
        hold = min(max(0, envelope.immutable?.holdMilliseconds ?? 0), 5_000)
    }

    func answer(release: String) async throws -> [UInt8] {
        if hold > 0 { try await Task.sleep(for: .milliseconds(hold)) }
        return Array("{\"release\":\"\(release)\"}".utf8)
    }
}
