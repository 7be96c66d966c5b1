import AWS
import Foundation

/// How long a step is done again while the cloud says that it can't be done yet. The step must be one that can be made again.
struct Patience: Sendable {
    private let end: Date
    private let clock: ClientClock

    init(_ limit: Duration, clock: ClientClock) {
        end = clock.now().addingTimeInterval(limit / .seconds(1))
        self.clock = clock
    }

    /// Does a step until the cloud takes it. Throws what the last try threw, once the time is over.
    func run<T>(_ step: () async throws -> T) async throws -> T {
        let pauses = Backoff()
        var tries = 0
        while true {
            do {
                return try await step()
            } catch let error where error.saysNotYet {
                tries += 1
                let left = end.timeIntervalSince(clock.now())
                guard left > 0 else { throw error }
                try await clock.sleep(min(pauses.pause(after: tries), .seconds(left)))
            }
        }
    }
}

extension Error {
    /// The same call is taken later.
    fileprivate var saysNotYet: Bool {
        if isPassing { return true }
        guard let error = self as? AWSError else { return false }
        return switch error.code {
        // The table, stream or mapping is being made or changed.
        case "ResourceInUseException": true
        // A table's backups begin some time after it is active.
        case "ContinuousBackupsUnavailableException": true
        // IAM takes some seconds to spread a role's policy; until then Lambda asks to "ensure the role can perform" its reads.
        case "InvalidParameterValueException": error.message.contains("Cannot access stream")
        default: false
        }
    }
}
