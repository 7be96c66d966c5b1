import Testing

@testable import LocalCloud

@Suite struct ServerEnvironmentTests {
    @Test func `the functions inherit nothing of ours but the search path`() {
        var environment = Server.environment(
            port: 4566, options: .init(region: "eu-central-1", concurrency: 300),
            python: PythonEnvironment(path: "/venv"), directory: "/d")
        #expect(environment.removeValue(forKey: "PATH") == "/venv/bin:" + PythonInterpreter.searchPath)
        #expect(
            environment == [
                "HOME": "/d", "TMPDIR": "/d/tmp", "STATE_DIR": "/d/state", "S3_DATA_DIR": "/d/s3",
                "GATEWAY_PORT": "4566", "BIND_HOST": "127.0.0.1", "IOT_MTLS_ENABLED": "0", "SFTP_ENABLED": "0",
                "PERSIST_STATE": "0", "LAMBDA_EXECUTOR": "local", "LAMBDA_ACCOUNT_CONCURRENCY": "300",
                "DOCKER_HOST": "unix:///nonexistent", "LOG_LEVEL": "WARNING", "MINISTACK_REGION": "eu-central-1",
                "AWS_DEFAULT_REGION": "eu-central-1", "AWS_ENDPOINT_URL": "http://127.0.0.1:4566",
                "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test",
            ])
    }
}
