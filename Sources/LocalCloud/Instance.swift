import Foundation

extension LocalCloud {
    /// A started instance. The value is its record; dropping it stops nothing.
    public struct Instance: Sendable, Equatable, Codable {
        /// Its name, or nil if it has none.
        public let name: String?
        /// `http://127.0.0.1:<port>`
        public let endpoint: String
        public let port: Int
        /// The search server's port; nil on an instance that an earlier version started.
        public let searchPort: Int?
        /// The server's process, the leader of its own session and process group.
        public let pid: Int32
        public let region: String
        /// Whether it outlives the process that started it.
        public let detached: Bool
        /// The Python of its environment; it has botocore.
        public let python: String
        /// Where its data, log and temporary files are.
        public let stateDirectory: String
        /// The server's output.
        public let logFile: String
        /// True if `start` found it running.
        public internal(set) var alreadyRunning = false

        /// When the process started, as its system tells it; with the pid it identifies the process.
        let processStart: String

        enum CodingKeys: String, CodingKey {
            case name, endpoint, port, searchPort, pid, region, detached, python, stateDirectory, logFile, processStart
        }

        /// Where the search server is: `http://127.0.0.1:<port>`.
        public var searchEndpoint: String? { searchPort.map { "http://127.0.0.1:\($0)" } }

        /// What AWS's SDKs and tools need in their environment to talk to this instance, and where Immutable Stack finds the search server.
        public var environment: [String: String] {
            var environment = [
                "AWS_ENDPOINT_URL": endpoint,
                "AWS_ACCESS_KEY_ID": "test",
                "AWS_SECRET_ACCESS_KEY": "test",
                "AWS_REGION": region,
                "AWS_DEFAULT_REGION": region,
            ]
            environment["IMMUTABLE_SEARCH_ENDPOINT"] = searchEndpoint
            return environment
        }

        /// Whether its process is alive.
        public var isRunning: Bool { ServerProcess(self).isAlive }

        /// Removes every resource in it.
        public func reset() async throws {
            var requests = [(endpoint, port, "POST", "/_ministack/reset")]
            if let searchPort, let searchEndpoint { requests.append((searchEndpoint, searchPort, "DELETE", "/_all")) }
            for (endpoint, port, method, path) in requests {
                let status = try await LoopbackHTTP(port: port).send(method, path, timeout: 60)
                guard status == 200 else { throw LocalCloudError.unexpectedAnswer(endpoint: endpoint, path: path, status: status) }
            }
        }

        /// Stops its process and every function process, and removes its data; a named one's log stays.
        public func stop() async {
            await ServerProcess(self).stop()
            InstanceDirectory(path: stateDirectory).clear(keepingLog: name != nil)
        }

        /// As `stop`, at once and without waiting: for an exit handler.
        public func kill() {
            ServerProcess(self).kill()
            InstanceDirectory(path: stateDirectory).clear(keepingLog: name != nil)
        }
    }
}
