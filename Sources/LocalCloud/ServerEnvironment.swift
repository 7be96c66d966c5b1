import Foundation

extension Server {
    /// The server's whole environment. It is built from nothing since the functions inherit all of it.
    static func environment(
        port: Int, options: LocalCloud.Options, python: PythonEnvironment, directory: String
    ) -> [String: String] {
        [
            // Python functions run with the environment's Python, the others find what the user has.
            "PATH": python.binDirectory + ":" + PythonInterpreter.searchPath,
            "HOME": directory,
            "TMPDIR": directory + "/tmp",
            "STATE_DIR": directory + "/state",
            "S3_DATA_DIR": directory + "/s3",
            "GATEWAY_PORT": String(port),
            "BIND_HOST": "127.0.0.1",
            "IOT_MTLS_ENABLED": "0",
            "SFTP_ENABLED": "0",
            "PERSIST_STATE": "0",
            "LAMBDA_EXECUTOR": "local",
            // Its default follows the machine's memory, down to 16.
            "LAMBDA_ACCOUNT_CONCURRENCY": String(options.concurrency),
            "DOCKER_HOST": "unix:///nonexistent",
            "LOG_LEVEL": "WARNING",
            "MINISTACK_REGION": options.region,
            "AWS_DEFAULT_REGION": options.region,
            // Only the functions read it.
            "AWS_ENDPOINT_URL": options.functionEndpoint ?? "http://127.0.0.1:\(port)",
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
        ]
    }
}
