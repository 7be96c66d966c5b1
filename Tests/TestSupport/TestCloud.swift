import Foundation
import LocalCloud
import Synchronization

/// The local cloud that the tests of one process share. It dies with the process.
public enum TestCloud {
    /// The shared instance, started on first use.
    public static func endpoint() async throws -> LocalCloud.Instance {
        try await Shared.cloud.instance()
    }

    private actor Shared {
        static let cloud = Shared()
        private var start: Task<LocalCloud.Instance, any Error>?

        func instance() async throws -> LocalCloud.Instance {
            if let start { return try await start.value }
            let task = Task {
                let instance = try await LocalCloud.start(.init(progress: { note($0) }))
                stopAtExit(instance)
                return instance
            }
            start = task
            return try await task.value
        }
    }

    private static let running = Mutex<LocalCloud.Instance?>(nil)

    private static func stopAtExit(_ instance: LocalCloud.Instance) {
        running.withLock { $0 = instance }
        atexit { TestCloud.running.withLock { $0 }?.kill() }
    }

    private static func note(_ sentence: String) {
        FileHandle.standardError.write(Data((sentence + "\n").utf8))
    }
}
