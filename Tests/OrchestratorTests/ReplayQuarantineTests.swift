import Foundation
import Testing

@testable import Orchestrator

@Suite struct ReplayQuarantineTests {
    @Test func `it names what was set aside, and where only the count is proven`() {
        #expect(ReplayQuarantine(items: 1, keys: ["o-1@2"], shardsByCount: []).summary == "1 item of the source was set aside: o-1@2")
        #expect(
            ReplayQuarantine(items: 30, keys: ["o-1@2", "o-1@3"], shardsByCount: [7]).summary
                == "30 items of the source were set aside: o-1@2, o-1@3 and 28 more; the digest of 1 shard can't be told, only the count")
    }

    @Test func `a proof of an earlier version is read as one that set nothing aside`() throws {
        let stored = #"{"events":1,"isReversible":true,"proven":1,"seconds":0.5,"totals":[{"digest":"7","events":1}],"unproven":{}}"#
        let proof = try JSONDecoder().decode(ReplayProof.self, from: Data(stored.utf8))
        #expect(proof.quarantine == nil && proof.events == 1)
    }
}
