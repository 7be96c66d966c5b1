/// What users reach the stack by. The domain outlives releases; each release has an API and a stage of its own.
public struct API: Codable, Sendable, Hashable {
    /// The custom domain name, e.g. `api.orders.example`.
    public var domain: String
    /// The name of each release's stage.
    public var stage: String
    /// ARN of the domain's certificate in AWS Certificate Manager.
    public var certificate: String?

    /// An HTTP API of API Gateway. A request has to be answered within 30 s.
    public static func http(domain: String, stage: String = "live", certificate: String? = nil) -> API {
        API(domain: domain, stage: stage, certificate: certificate)
    }
}
