/// A service as requests, endpoints and messages name it.
public struct AWSService: Sendable, Hashable {
    /// In messages, e.g. `DynamoDB`.
    public var name: String
    /// In `AWS_ENDPOINT_URL_<ID>`; in a profile's `services` section in lower case.
    public var id: String
    /// The host's first part, e.g. `email` for SES.
    public var endpointPrefix: String
    /// In the signature's scope.
    public var signingName: String
    /// One endpoint for all regions of a partition.
    public var isGlobal = false

    public static let dynamoDB = AWSService(
        name: "DynamoDB", id: "DYNAMODB", endpointPrefix: "dynamodb", signingName: "dynamodb")
    public static let lambda = AWSService(
        name: "Lambda", id: "LAMBDA", endpointPrefix: "lambda", signingName: "lambda")
    public static let kinesis = AWSService(
        name: "Kinesis", id: "KINESIS", endpointPrefix: "kinesis", signingName: "kinesis")
    public static let iam = AWSService(
        name: "IAM", id: "IAM", endpointPrefix: "iam", signingName: "iam", isGlobal: true)
    public static let apiGateway = AWSService(
        name: "API Gateway", id: "APIGATEWAYV2", endpointPrefix: "apigateway", signingName: "apigateway")
    public static let ses = AWSService(name: "SES", id: "SESV2", endpointPrefix: "email", signingName: "ses")
    public static let stepFunctions = AWSService(
        name: "Step Functions", id: "SFN", endpointPrefix: "states", signingName: "states")
    public static let sts = AWSService(name: "STS", id: "STS", endpointPrefix: "sts", signingName: "sts")
    public static let logs = AWSService(
        name: "CloudWatch Logs", id: "CLOUDWATCH_LOGS", endpointPrefix: "logs", signingName: "logs")
    /// A domain's REST API. It has no endpoint of the region: each domain has its own.
    public static let openSearch = AWSService(name: "OpenSearch", id: "OPENSEARCH_DOMAIN", endpointPrefix: "es", signingName: "es")
    public static let tagging = AWSService(
        name: "Resource Groups Tagging", id: "RESOURCE_GROUPS_TAGGING_API", endpointPrefix: "tagging",
        signingName: "tagging")
}
