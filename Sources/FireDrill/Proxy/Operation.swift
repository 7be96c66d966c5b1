/// One AWS operation, told from the request that asks for it.
struct Operation: Sendable, Hashable, CustomStringConvertible, Comparable {
    /// By their wire protocol, which decides how an error looks.
    enum Service: Sendable, Hashable {
        /// JSON with `X-Amz-Target`: DynamoDB, Kinesis, CloudWatch Logs, tagging.
        case target(String)
        /// JSON by method and path: Lambda, API Gateway, SES.
        case rest(String)
        /// A form, answered with XML: IAM, STS.
        case form(String)
        case s3
        /// No AWS call: a request to the API's own domain.
        case domain
    }

    var service: Service
    /// E.g. `PutItem`; for REST services their own name where it is known here, else method and path without names.
    var name: String

    var description: String {
        switch service {
        case .target(let service), .rest(let service), .form(let service): "\(service) \(name)"
        case .s3: "s3 \(name)"
        case .domain: "domain \(name)"
        }
    }

    static func < (one: Operation, other: Operation) -> Bool { one.description < other.description }

    /// Whether another transaction can be in its way.
    var canConflict: Bool {
        service == .target("dynamodb") && ["TransactWriteItems", "PutItem", "UpdateItem", "DeleteItem"].contains(name)
    }

    /// - Parameters:
    ///   - host: the `Host` header.
    ///   - target: the `X-Amz-Target` header.
    ///   - authorization: its credential scope names the service.
    init(method: String, path: String, host: String, target: String?, authorization: String?, body: String) {
        let isAWS = authorization != nil || target != nil
        let plain = path.prefix { $0 != "?" }
        guard isAWS || host.hasPrefix("127.0.0.1") || host.hasPrefix("localhost") else {
            self.init(.domain, method + " " + Self.shape(plain))
            return
        }
        // AWS4-HMAC-SHA256 Credential=<key>/<day>/<region>/<service>/aws4_request, …
        let scope = authorization?.split(separator: ",").first?.split(separator: "/") ?? []
        let signed = scope.count >= 2 ? String(scope[scope.count - 2]) : "?"
        if let target {
            self.init(.target(signed), String(target.split(separator: ".").last ?? "?"))
        } else if signed == "s3" {
            self.init(.s3, method)
        } else if let action = body.split(separator: "&").first(where: { $0.hasPrefix("Action=") }), plain == "/" {
            self.init(.form(signed), String(action.dropFirst("Action=".count)))
        } else {
            let shape = method + " " + Self.shape(plain)
            self.init(.rest(signed), Self.names[shape] ?? shape)
        }
    }

    init(_ service: Service, _ name: String) {
        self.service = service
        self.name = name
    }

    private static let names = ["POST functions/*/invocations": "Invoke", "POST email/outbound-emails": "SendEmail"]

    private static let words: Set<Substring> = [
        "functions", "invocations", "event-source-mappings", "code", "configuration", "concurrency", "policy", "tags", "apis", "routes",
        "integrations", "stages", "domainnames", "apimappings", "email", "identities", "outbound-emails", "orders", "customers",
        ".well-known", "immutable-release", "deployments", "authorizers", "models",
    ]

    /// The path without names and API versions.
    private static func shape(_ path: Substring) -> String {
        let parts = path.split(separator: "/").drop { $0.first?.isNumber == true || $0 == "v2" }
        return parts.map { words.contains($0) ? String($0) : "*" }.joined(separator: "/")
    }
}
