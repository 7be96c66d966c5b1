import Dispatch
import Foundation
import Orchestrator
import Synchronization

/// SIGINT and SIGTERM: the first ends the command in good order, the second at once.
final class Interruption: Sendable {
    static let standard = Interruption()

    /// How long a handover that has begun, or anything else, may take to end.
    static let patience: TimeInterval = 15

    /// What a signal leads to.
    enum Response: Equatable {
        case cancel
        /// From the seal on writes wait, then the domain has to follow: going on is the shortest way to an end.
        case letHandoverEnd
        case exit
    }

    /// The rules, without the signals.
    struct State: Equatable {
        private(set) var happened = false
        private(set) var isHandingOver = false

        mutating func signal() -> Response {
            defer { happened = true }
            if happened { return .exit }
            return isHandingOver ? .letHandoverEnd : .cancel
        }

        /// Returns whether the command is to be cancelled now.
        mutating func follow(_ progress: Progress) -> Bool {
            guard case .step(let name, _) = progress else { return false }
            let was = isHandingOver
            // A rebuild has a step "compare" as well.
            isHandingOver = ["seal", "drain", "promote", "flip"].contains(name) || (was && name == "compare")
            return was && !isHandingOver && happened
        }
    }

    private let state = Mutex(State())
    private let cancellation = Mutex<(@Sendable () -> Void)?>(nil)

    var happened: Bool { state.withLock(\.happened) }

    /// From now on signals come here.
    func listen(cancel: @escaping @Sendable () -> Void) {
        cancellation.withLock { $0 = cancel }
        for number in [SIGINT, SIGTERM] {
            // Otherwise the process would end before the source is asked (Darwin); Linux' libdispatch sets a handler of its own.
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            // The handler keeps its source alive, for as long as the process is.
            source.setEventHandler { [self] in withExtendedLifetime(source) { respond() } }
            source.resume()
        }
    }

    /// A handover isn't cancelled from its seal to its flip, so its steps are followed.
    func follow(_ progress: Progress) {
        if state.withLock({ $0.follow(progress) }) { cancel() }
    }

    private func respond() {
        switch state.withLock({ $0.signal() }) {
        case .exit: exit(ExitReason.interrupted.rawValue)
        case .cancel:
            cancel()
        case .letHandoverEnd:
            let seconds = Int(Self.patience)
            ProgressView.standard.show(
                .note("interrupted during the handover: letting it end (at most \(seconds) s; again to leave at once)"))
        }
        DispatchQueue.global().asyncAfter(deadline: .now() + Self.patience) { [self] in
            cancel()
            ProgressView.standard.end()
            ProgressView.standard.fail(ErrorText.interrupted, code: ExitReason.interrupted.rawValue)
            exit(ExitReason.interrupted.rawValue)
        }
    }

    private func cancel() { cancellation.withLock { $0 }?() }
}
