/// The open connections of a WebSocket API's stage.
public struct WebSocketConnections: Sendable {
    private let client: AWSClient
    private let endpoint: Endpoint

    /// - Parameter endpoint: the stage's, e.g. `https://a1b2c3.execute-api.eu-west-1.amazonaws.com/live`.
    public init(_ client: AWSClient, endpoint: Endpoint) {
        self.client = client
        self.endpoint = endpoint
    }

    /// - Parameter message: at most 128 KB.
    /// - Returns: false where the connection is gone.
    public func post(_ message: [UInt8], to connection: String) async throws -> Bool {
        try await send("PostToConnection", "POST", connection, body: message)
    }

    /// - Returns: false where it was gone already.
    @discardableResult
    public func close(_ connection: String) async throws -> Bool {
        try await send("DeleteConnection", "DELETE", connection, body: [])
    }

    private func send(
        _ operation: String, _ method: String, _ connection: String, body: [UInt8]
    ) async throws -> Bool {
        var request = AWSRequest(
            .apiGatewayManagement, operation, method: method, path: "/@connections/\(connection.percentEncoded())")
        request.endpoint = endpoint
        request.body = body
        request.retry = .whenRefused
        do {
            _ = try await client.send(request)
            return true
        } catch let error as AWSError where error.statusCode == 410 || error.isNotFound {
            return false
        }
    }
}
