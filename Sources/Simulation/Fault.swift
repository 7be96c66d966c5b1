/// Something that goes wrong at one store call.
struct Fault: Hashable, Sendable, CustomStringConvertible {
    enum Kind: Hashable, Sendable {
        /// The process dies before the call is carried out.
        case crashBefore
        /// The process dies after the call was carried out.
        case crashAfter
        /// Carried out, and the caller gets an error all the same.
        case answerLost
        /// Given up without an answer, and carried out so many milliseconds later, while the caller goes on. Only what is asked of the store.
        case late(Int)
        /// Carried out twice: the client sends it again after the first answer was lost. A transaction has a token against that.
        case repeated
        /// An error of the service, not carried out.
        case unavailable
        case throttled
        /// Another transaction was in the way, each time the client tried.
        case conflict
        /// The call happens only so many milliseconds later.
        case stall(Int)
        /// The call happens, and the whole process stands still for so many milliseconds before it goes on.
        case freeze(Int)
        /// The process' clock jumps by so many milliseconds.
        case clock(Int)
        /// The items of the transaction become visible one after the other, over so many milliseconds.
        case torn(Int)
    }

    /// Which calls are counted.
    enum Scope: Hashable, Sendable {
        case all
        /// Writes to nothing but the ledger and the control table: what seals, decides, promotes, lifts seals, and takes the lock.
        case control
    }

    /// The number of the call, from 1.
    var call: Int
    var scope: Scope
    var kind: Kind

    var description: String { "\(kind) at \(scope == .all ? "call" : "control write") \(call)" }

    /// - Parameters:
    ///   - calls: it strikes at one of so many calls,
    ///   - controlWrites: or at one of so many writes of that scope.
    static func random(_ generator: inout SplitMix64, calls: Int, controlWrites: Int) -> Fault {
        let scope: Scope = generator.below(3) == 0 ? .control : .all
        return Fault(call: 1 + generator.below(scope == .all ? calls : controlWrites), scope: scope, kind: kind(&generator))
    }

    private static func kind(_ generator: inout SplitMix64) -> Kind {
        switch generator.below(22) {
        case 0...2: .crashBefore
        case 3...5: .crashAfter
        case 6...7: .answerLost
        case 8...9: .repeated
        case 10: .unavailable
        case 11: .throttled
        case 12: .conflict
        case 13...14: .stall([300, 2_000, 9_500, 15_000, 40_000][generator.below(5)])
        case 15: .late([300, 2_000, 9_500, 15_000, 40_000][generator.below(5)])
        case 20...21: .freeze([300, 2_000, 9_500, 15_000, 40_000][generator.below(5)])
        case 16...17: .clock([-3_600_000, -60_000, -9_000, 9_000, 29_000, 3_600_000][generator.below(6)])
        default: .torn(5 + generator.below(200))
        }
    }
}
