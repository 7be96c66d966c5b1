import AWS
import Foundation
import TestSupport

/// The local cloud that the contract tests run against.
enum CloudFixture {
    static func client() async throws -> AWSClient {
        let endpoint = try await TestCloud.endpoint().endpoint
        return AWSClient(
            AWSConfiguration(
                region: "eu-west-1", credentials: StaticCredentials(accessKeyId: "test", secretAccessKey: "test"),
                endpoints: EndpointResolver(forAll: try Endpoint(endpoint))),
            transport: AsyncHTTPTransport.shared)
    }

    /// Tests run side by side in one cloud.
    static func uniqueName(_ prefix: String) -> String {
        "\(prefix)-\(UUID().uuidString.prefix(8).lowercased())"
    }
}
