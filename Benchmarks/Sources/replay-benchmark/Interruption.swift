import Dispatch
import Foundation
import LocalCloud
import Synchronization

/// Ends with this process what it started, when it is interrupted.
enum Interruption {
    private struct State {
        var children: Set<pid_t> = []
        var cloud: LocalCloud.Instance?
        var file: String?
    }

    private static let state = Mutex(State())

    static func add(_ pid: pid_t) { state.withLock { _ = $0.children.insert(pid) } }
    static func remove(_ pid: pid_t) { state.withLock { _ = $0.children.remove(pid) } }
    static func set(file: String) { state.withLock { $0.file = file } }
    static func set(_ cloud: LocalCloud.Instance?) { state.withLock { $0.cloud = cloud } }

    /// Works as long as what it returns is kept.
    static func install() -> [any DispatchSourceSignal] {
        [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                state.withLock { state in
                    for child in state.children { kill(child, SIGKILL) }
                    state.cloud?.kill()
                    if let file = state.file { unlink(file) }
                }
                exit(130)
            }
            source.resume()
            return source
        }
    }
}
