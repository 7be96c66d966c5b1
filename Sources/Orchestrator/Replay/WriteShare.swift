import Synchronization

/// An allowance that those who still work share. Who gets more has it from one who is done, so that all together never have more than all of it.
final class WriteShare: Sendable {
    private let all: Int?
    private let workers: Mutex<Int>

    init(_ all: Int?, among workers: Int) {
        self.all = all
        self.workers = Mutex(workers)
    }

    var unitsPerSecond: Double? { all.map { Double($0) / Double(max(1, workers.withLock { $0 })) } }

    func leave() { workers.withLock { $0 -= 1 } }

    /// How long one worker rests after it wrote so much at once; `nil`: not at all.
    func pause(after units: Int) -> Duration? {
        guard let unitsPerSecond, unitsPerSecond > 0, units > 0 else { return nil }
        return .seconds(Double(units) / unitsPerSecond)
    }
}
