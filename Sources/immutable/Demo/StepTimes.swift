import Orchestrator
import Synchronization

/// Passes progress on, and notes when each step began.
final class StepTimes: Sendable {
    /// By step name without what follows its first word, in seconds of `clock`.
    private let began = Mutex<[(name: String, at: Double)]>([])
    private let clock: @Sendable () -> Double
    private let next: ProgressSink

    init(clock: @escaping @Sendable () -> Double, next: @escaping ProgressSink = ProgressView.sink) {
        self.clock = clock
        self.next = next
    }

    var sink: ProgressSink {
        { progress in
            if case .step(let name, _) = progress {
                let at = self.clock()
                self.began.withLock { $0.append((String(name.prefix { $0 != " " }), at)) }
            }
            self.next(progress)
        }
    }

    func start(of step: String) -> Double? { began.withLock { $0.first { $0.name == step }?.at } }

    /// From the step's beginning to the next one's.
    func seconds(of step: String) -> Double? {
        began.withLock { began in
            guard let index = began.firstIndex(where: { $0.name == step }), index + 1 < began.count else { return nil }
            return began[index + 1].at - began[index].at
        }
    }
}
