import Foundation

/// Signals to an instance's process group, sent only if it is the very process that was started.
struct ServerProcess: Sendable {
    private let pid: Int32
    private let startTime: String

    init(_ instance: LocalCloud.Instance) {
        pid = instance.pid
        startTime = instance.processStart
    }

    var isAlive: Bool {
        ChildProcess(pid: pid).reap()
        return ProcessTable.startTime(of: pid) == startTime
    }

    /// SIGTERM, then after three seconds SIGKILL, to the group: the server and its function processes.
    func stop() async {
        if isAlive { signal(SIGTERM) }
        let clock = ContinuousClock()
        let deadline = clock.now + .seconds(3)
        while isAlive, clock.now < deadline { await Self.pause() }
        kill()
        let end = clock.now + .seconds(5)
        while isAlive, clock.now < end { await Self.pause() }
    }

    /// SIGKILL to the group. A dead leader's number isn't given to another process while its group has members, so the
    /// group is ours unless a process with that number and another start time exists.
    func kill() {
        let owner = ProcessTable.startTime(of: pid)
        if owner == nil || owner == startTime { signal(SIGKILL) }
        Tether.cut(pid)
        ChildProcess(pid: pid).reap()
    }

    /// A process that has just been started leads no group yet.
    private func signal(_ number: Int32) {
        if Foundation.kill(-pid, number) != 0 { Foundation.kill(pid, number) }
    }

    /// Goes on when the task is cancelled: a stop must not end half way.
    private static func pause() async {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(20)) { continuation.resume() }
        }
    }
}
