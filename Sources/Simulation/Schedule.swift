/// What happens in one run: everything in it follows from the seed, unless a shrinker took something away.
public struct Schedule: Sendable, Hashable {
    public let seed: UInt64
    var traits: Traits
    var faults: [Fault]
    /// Calls with these numbers take no longer than the shortest.
    var calm: Set<Int> = []

    /// Who takes part, and what they are about.
    struct Traits: Sendable, Hashable {
        enum Second: Sendable, Hashable, CaseIterable { case cutover, rollback, unlockThenCutover, abort, retire }
        enum Ending: Sendable, Hashable { case abort, retire }

        var shards: Int
        /// Heads that one transaction seals or promotes at most: with 1 a handover of two shards takes several, as one of more than 100 does.
        var changedTogether: Int
        /// The candidate stands ready when everything begins; otherwise its deployment is part of the schedule.
        var isDeployed: Bool
        /// Events in the live release's store before anything begins, per stream.
        var history: [Int]
        /// The clients' commands: which stream, how many events (0: a question), when in milliseconds.
        var requests: [Request]
        var rollsBack: Bool
        /// What the first person does with the release that owns nothing: the candidate before a cutover, or the other one after the handovers.
        var ending: Ending?
        var second: Second?
        /// When the second person begins, in milliseconds.
        var secondStarts: Int
        var projects: Bool
        var reacts: Bool
        /// Of 16 records on the bus so many are dropped.
        var dropped: Int
        /// The most items of a page.
        var pageLimit: Int
        var transforms: Bool
    }

    /// What the first person is about.
    var commands: [Person.Command] {
        let deployment: [Person.Command] = traits.isDeployed ? [] : [.deploy]
        if traits.ending == .abort { return deployment + [.abort] }
        return deployment + [.cutover] + (traits.rollsBack ? [.rollback] : []) + (traits.ending == .retire ? [.retire] : [])
    }

    struct Request: Sendable, Hashable {
        var stream: Int
        var events: Int
        var at: Int
    }

    /// - Parameter isBrief: of one stream, two requests and a cutover alone, with one or two faults.
    public init(seed: UInt64, isBrief: Bool = false) {
        self.init(full: seed)
        if isBrief { shorten() }
    }

    private init(full seed: UInt64) {
        self.seed = seed
        var generator = SplitMix64(seed: seed)
        let streams = [1, 1, 2, 2, 3][generator.below(5)]
        let rollsBack = generator.below(4) == 0
        let isDeployed = generator.below(4) != 0
        func moment() -> Int { Self.moment(&generator, isDeployed: isDeployed, rollsBack: rollsBack) }
        traits = Traits(
            shards: 1 + generator.below(2), changedTogether: [1, 100, 100][generator.below(3)], isDeployed: isDeployed,
            history: (0..<streams).map { _ in generator.below(3) },
            requests: (0..<(2 + [0, 0, 1, 2][generator.below(4)])).map { _ in
                Request(stream: generator.below(streams), events: [0, 1, 1, 1, 2][generator.below(5)], at: moment())
            },
            rollsBack: rollsBack, ending: nil, second: nil, secondStarts: moment(), projects: generator.below(3) == 0,
            reacts: generator.below(3) == 0, dropped: [0, 0, 2, 8, 16][generator.below(5)],
            pageLimit: [1, 2, 1_000, 1_000][generator.below(4)], transforms: generator.below(2) == 0)
        if generator.below(4) == 0 { traits.second = Traits.Second.allCases[generator.below(Traits.Second.allCases.count)] }
        // Whoever doesn't free the lock finds it free just before the first person and after what that one does.
        if let second = traits.second, second != .unlockThenCutover, generator.below(2) == 0 {
            traits.secondStarts = generator.below(2) == 0 ? generator.below(10) : Self.afterFlip + generator.below(400)
        }
        switch generator.below(8) {
        case 0:
            traits.ending = .abort
            traits.isDeployed = false
        case 1, 2: traits.ending = .retire
        default: break
        }
        faults = []
        let count = 1 + generator.below(4)
        let isShort = traits.isDeployed && !rollsBack
        for _ in 0..<count { faults.append(Fault.random(&generator, calls: isShort ? 100 : 200, controlWrites: isShort ? 12 : 24)) }
        // At least one comes early enough to happen in every schedule.
        faults[0].call = 1 + faults[0].call % 25
        faults[0].scope = .all
    }

    /// Every second request comes when a rollback does.
    mutating func meetRollback() {
        for index in traits.requests.indices where index % 2 == 1 {
            traits.requests[index].at = traits.requests[index].at % Self.afterFlip + Self.afterFlip
        }
    }

    private mutating func shorten() {
        traits.isDeployed = true
        traits.history = traits.history.prefix(1).map { min($0, 1) }
        traits.requests = traits.requests.prefix(2).map { Request(stream: 0, events: $0.events, at: $0.at % Self.afterFlip) }
        traits.rollsBack = false
        traits.ending = nil
        traits.second = nil
        traits.projects = false
        traits.reacts = false
        traits.pageLimit = 1_000
        faults = faults.prefix(2).map { fault in
            var fault = fault
            fault.call = 1 + (fault.call - 1) % (fault.scope == .all ? 50 : 12)
            return fault
        }
    }

    /// When someone begins, in milliseconds: while the first person is at it, and every second time about when the writes are handed over.
    private static func moment(_ generator: inout SplitMix64, isDeployed: Bool, rollsBack: Bool) -> Int {
        let (seal, length) = isDeployed ? (60..<180, 300) : (180..<330, 450)
        let moment = generator.below(2) == 0 ? generator.below(length) : seal.lowerBound + generator.below(seal.count)
        return rollsBack && generator.below(2) == 0 ? moment + afterFlip : moment
    }

    /// What follows a cutover begins when the address has led to the candidate for a while; in milliseconds.
    static let afterFlip = World.propagation / 1_000 + 60

    /// A number that belongs to call or record `number`; `salt` tells kinds of numbers apart.
    func number(_ number: Int, salt: UInt64) -> UInt64 {
        SplitMix64.mix(SplitMix64.mix(seed ^ salt &* 0x9E37_79B9_7F4A_7C15) &+ UInt64(number))
    }
}
