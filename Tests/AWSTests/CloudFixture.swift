import AWS
import Foundation

/// The local cloud that the contract tests run against.
enum CloudFixture {
    /// The endpoint of a running one. Without it the contract tests are skipped.
    static let endpoint = ProcessInfo.processInfo.environment["IMMUTABLE_TEST_ENDPOINT"]

    static var isAvailable: Bool { endpoint != nil }

    static func client() async throws -> AWSClient {
        AWSClient(
            AWSConfiguration(
                region: "eu-west-1", credentials: StaticCredentials(accessKeyId: "test", secretAccessKey: "test"),
                endpoints: EndpointResolver(forAll: try Endpoint(endpoint ?? "http://127.0.0.1:1"))),
            transport: AsyncHTTPTransport.shared)
    }

    /// Tests run side by side in one cloud.
    static func uniqueName(_ prefix: String) -> String {
        "\(prefix)-\(UUID().uuidString.prefix(8).lowercased())"
    }
}
