import AWS
import LocalCloud
import Orchestrator

/// The local AWS of a demo.
enum DemoCloud {
    static let name = "demo"

    /// Runs `body` on a fresh instance. Without `keep` nothing of it is left afterwards, however `body` ends.
    static func with<T: Sendable>(
        keep: Bool, story: DemoStory, _ body: (LocalCloud.Instance) async throws -> T
    ) async throws -> T {
        if keep { try await LocalCloud.stop(name) }
        let instance = try await LocalCloud.start(
            .init(port: nil, name: keep ? name : nil, detached: keep) { text in ProgressView.sink(.note(text)) })
        do {
            let result = try await body(instance)
            await end(instance, keep: keep, story)
            return result
        } catch {
            await end(instance, keep: keep, story)
            throw error
        }
    }

    private static func end(_ instance: LocalCloud.Instance, keep: Bool, _ story: DemoStory) async {
        if keep {
            story.say("the local AWS stays up at \(instance.endpoint). Look around with:")
            story.say(LocalText.exports(instance.environment))
            story.say("journal of all requests: \(journal(instance))")
            story.say("stop it, with all its functions: immutable local stop --name \(name)")
        } else {
            await instance.stop()
        }
    }

    /// Where the clients' journal is; it ends with the instance.
    static func journal(_ instance: LocalCloud.Instance) -> String { instance.stateDirectory + "/demo-journal.jsonl" }

    /// What leads AWS's tools to this instance, and to no file of the user's.
    static func environment(_ instance: LocalCloud.Instance) -> [String: String] {
        let none = instance.stateDirectory + "/no-such-file"
        return instance.environment.merging(["AWS_CONFIG_FILE": none, "AWS_SHARED_CREDENTIALS_FILE": none]) { $1 }
    }

    /// The cloud of this instance, whatever the user's own AWS configuration says.
    static func connect(_ instance: LocalCloud.Instance) async throws -> Cloud {
        let environment = environment(instance)
        return try await Cloud.connect(.live(environment: environment), environment: environment)
    }
}
