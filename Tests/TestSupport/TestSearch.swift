import AWS
import Foundation

/// The search server that tests run against: `OPENSEARCH_URL`, a real OpenSearch that takes the requests as they come, else the local cloud's.
package enum TestSearch {
    package static func openSearch() async throws -> OpenSearch {
        let local = try await TestCloud.endpoint()
        let endpoint = ProcessInfo.processInfo.environment["OPENSEARCH_URL"] ?? local.searchEndpoint ?? ""
        let client = AWSClient(
            AWSConfiguration(region: local.region, credentials: StaticCredentials(accessKeyId: "test", secretAccessKey: "test")),
            transport: AsyncHTTPTransport.shared)
        return OpenSearch(client, endpoint: try Endpoint(endpoint))
    }
}
