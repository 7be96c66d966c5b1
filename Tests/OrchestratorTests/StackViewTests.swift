import StackDescription
import Testing

@testable import Orchestrator

/// What a stack's releases say of it.
@Suite struct StackViewTests {
    private func shards(_ releases: (state: ReleaseRecord.State, shards: Int)...) -> Int {
        let records = releases.enumerated().map { number, release in
            ReleaseRecord(
                stack: "s", release: "r\(number + 1)", state: release.state, phase: .ready,
                manifest: Stack(
                    "s", functions: .swiftProduct("Functions"), eventStore: .dynamoDB(ledgerShards: release.shards),
                    api: .http(domain: "s.example"), commands: [.command("Add", on: .post("/add"))]),
                fingerprint: "", artifact: "", createdAt: "")
        }
        return StackView(cloud: .stub(), stack: "s", releases: records).shards.count
    }

    @Test func `the shards are those of the release that has the ledger, whatever was given up before it`() {
        #expect(shards((.aborted, 16), (.live, 64)) == 64)
        #expect(shards((.aborted, 16), (.candidate, 32)) == 32)
        #expect(shards((.aborted, 16), (.retired, 64), (.live, 64), (.candidate, 64)) == 64)
        #expect(shards((.aborted, 16), (.aborting, 32)) == 32)
        #expect(shards((.aborted, 16), (.aborted, 32)) == 32)
        // Between the two writes that end a handover.
        #expect(shards((.aborted, 16), (.previous, 64), (.candidate, 64)) == 64)
        #expect(shards((.aborted, 16), (.previous, 64), (.rolledBack, 64)) == 64)
        #expect(shards() == 64)
    }
}
