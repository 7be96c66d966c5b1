import EventSourcing
import Foundation
import Testing

@Suite struct EffectClaimTests {
    private let now = Date(timeIntervalSince1970: 1000)

    private func verdict(_ state: EffectClaim.State, expires: Double, retries: Bool = false) -> EffectClaim.Verdict {
        let claim = EffectClaim(state: state, claim: "c", expires: now + expires)
        return EffectClaim.verdict(on: claim, retriesAfterCrash: retries, now: now)
    }

    @Test func `an effect without an entry is done, one that was done is not done again`() {
        #expect(EffectClaim.verdict(on: nil, retriesAfterCrash: false, now: now) == .act)
        for retries in [false, true] {
            #expect(verdict(.done, expires: -5, retries: retries) == .skip)
            #expect(verdict(.inDoubt, expires: -5, retries: retries) == .skip)
            #expect(verdict(.retry, expires: -5, retries: retries) == .act)
        }
    }

    @Test func `a claim holds until it expires`() {
        for retries in [false, true] { #expect(verdict(.claimed, expires: 1, retries: retries) == .busy) }
    }

    @Test func `an expired claim is in doubt unless the act may be repeated`() {
        #expect(verdict(.claimed, expires: 0) == .park)
        #expect(verdict(.claimed, expires: -1) == .park)
        #expect(verdict(.claimed, expires: -1, retries: true) == .act)
    }
}
