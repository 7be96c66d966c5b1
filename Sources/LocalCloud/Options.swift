import Foundation

extension LocalCloud {
    /// How to start an instance.
    public struct Options: Sendable {
        /// The loopback port, or nil for a free one.
        public var port: Int?
        /// The instance's name (letters, digits, `-`, `_`), or nil for an unnamed one of which there can be many.
        public var name: String?
        /// True: the instance outlives this process, until it is stopped. False: it dies with this process, however
        /// this process dies.
        public var detached: Bool
        /// The directory below which everything lives.
        public var home: String
        /// The AWS region that the instance plays.
        public var region: String
        /// How many function executions may run at the same time, over all functions; more are answered 429. AWS
        /// gives a new account up to 1,000.
        public var concurrency: Int
        /// The endpoint that functions are given instead of the instance's own, e.g. that of a proxy before it.
        public var functionEndpoint: String?
        /// Is told, in a sentence, what takes time.
        public var progress: @Sendable (String) -> Void

        public init(
            port: Int? = nil, name: String? = nil, detached: Bool = false, home: String = Options.defaultHome,
            region: String = "us-east-1", concurrency: Int = 400, functionEndpoint: String? = nil,
            progress: @escaping @Sendable (String) -> Void = { _ in }
        ) {
            self.port = port
            self.name = name
            self.detached = detached
            self.home = home
            self.region = region
            self.concurrency = concurrency
            self.functionEndpoint = functionEndpoint
            self.progress = progress
        }

        /// The name that the CLI's instance has.
        public static let defaultName = "default"

        /// `IMMUTABLE_LOCAL_HOME`, else `immutable/local-cloud` in the user's cache directory (`XDG_CACHE_HOME`, else
        /// `~/.cache`).
        public static var defaultHome: String {
            let environment = ProcessInfo.processInfo.environment
            if let home = environment["IMMUTABLE_LOCAL_HOME"], !home.isEmpty { return home }
            let user = FileManager.default.homeDirectoryForCurrentUser.path
            let cache = environment["XDG_CACHE_HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? "\(user)/.cache"
            return "\(cache)/immutable/local-cloud"
        }
    }
}
