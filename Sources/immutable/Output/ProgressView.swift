import Foundation
import Orchestrator
import Synchronization

/// Foundation has a `Progress` as well.
typealias Progress = Orchestrator.Progress

/// Tells a command's progress on stderr: as one live line on a terminal, else as a log.
final class ProgressView: Sendable {
    static let standard = ProgressView(terminal: .standardError)

    /// What commands hand to the orchestrator.
    static let sink: ProgressSink = { progress in
        Interruption.standard.follow(progress)
        standard.show(progress)
    }

    private let terminal: Terminal
    private let isTerminal: Bool
    private let lines: Mutex<ProgressLines>
    private let ticker = Mutex<Task<Void, Never>?>(nil)
    private let start = ContinuousClock.now

    init(terminal: Terminal) {
        self.terminal = terminal
        isTerminal = terminal.isInteractive && ProcessInfo.processInfo.environment["TERM"] != "dumb"
        lines = Mutex(ProgressLines(mode: isTerminal ? .live(style: terminal.style) : .plain))
    }

    private var isJSON: Bool { lines.withLock { $0.mode == .json } }

    /// From now on progress is one JSON object a line.
    func useJSON() {
        lines.withLock { $0 = ProgressLines(mode: .json) }
    }

    /// How a command failed: the last line.
    func fail(_ text: String, code: Int32) {
        guard isJSON else { return terminal.print(text) }
        terminal.write(ProgressRecord(.error, text: text, exitCode: code, at: now).line)
    }

    var style: Style { isJSON ? .plain : terminal.style }

    func show(_ progress: Progress) {
        keepTicking()
        // Written under the lock: what is told side by side must not mix.
        lines.withLock { terminal.write($0.show(progress, at: now, width: terminal.width)) }
    }

    /// Makes room for other output. Progress may go on afterwards.
    func end() {
        ticker.withLock { task in
            task?.cancel()
            task = nil
        }
        lines.withLock { terminal.write($0.end()) }
    }

    private var now: Double { (ContinuousClock.now - start) / .seconds(1) }

    private func keepTicking() {
        guard isTerminal, !isJSON else { return }
        ticker.withLock { task in
            if task != nil { return }
            task = Task { [weak self] in
                while !Task.isCancelled {
                    try? await Task.sleep(for: .milliseconds(120))
                    guard let self, !Task.isCancelled else { return }
                    lines.withLock { terminal.write($0.tick(at: now, width: terminal.width)) }
                }
            }
        }
    }
}
