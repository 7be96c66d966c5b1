import EventStore
import Foundation
import StackDescription

/// What a function's role allows: just what the function does.
struct Permissions: Sendable {
    let cloud: Cloud
    let names: ReleaseNames
    let counterpart: String?

    private struct Statement: Encodable {
        var Effect = "Allow"
        var Action: [String]
        var Resource: [String]
    }

    private static let read = ["dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query"]
    private static let write = [
        "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:BatchWriteItem", "dynamodb:ConditionCheckItem",
    ]

    static let trust = """
        {"Statement":[{"Action":"sts:AssumeRole","Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"}}],"Version":"2012-10-17"}
        """

    /// The policy document of a function, as JSON.
    func policy(of part: ReleaseFunction) -> String {
        struct Document: Encodable {
            var Version = "2012-10-17"
            var Statement: [Permissions.Statement]
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let document = Document(Statement: statements(of: part))
        return (try? encoder.encode(document)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }

    private func statements(of part: ReleaseFunction) -> [Statement] {
        let group = "arn:aws:logs:\(cloud.region):\(cloud.account):log-group:\(LogGroup.name(of: names.function(part.name))):*"
        var statements = [Statement(Action: ["logs:CreateLogStream", "logs:PutLogEvents"], Resource: [group])]
        let stack = StackNames(stack: names.stack)
        let both = Self.read + Self.write
        func allow(_ actions: [String], _ tables: String...) {
            statements.append(Statement(Action: actions, Resource: tables.map(cloud.tableARN)))
        }
        func allowBus(_ stream: String) {
            statements.append(
                Statement(
                    Action: [
                        "kinesis:DescribeStream", "kinesis:DescribeStreamSummary", "kinesis:GetRecords", "kinesis:GetShardIterator",
                        "kinesis:ListShards",
                    ], Resource: [cloud.streamARN(stream)]))
        }
        switch part.role {
        case .command:
            allow(both, names.events, stack.ledger, StackNames.control)
            statements.append(
                Statement(Action: ["lambda:InvokeFunction"], Resource: [cloud.functionARN("\(names.stack)-*")]))
        case .query(let model):
            allow(Self.read, names.readModel(model.name))
            if !model.indexes.isEmpty {
                statements.append(
                    Statement(Action: ["dynamodb:Query"], Resource: [cloud.tableARN(names.readModel(model.name)) + "/index/*"]))
            }
        case .projector(let model):
            allow(Self.read, names.events)
            allow(both, names.readModel(model.name), names.cursors)
            allow(["dynamodb:UpdateItem"], StackNames.control)
            allowBus(names.bus)
        case .reactor:
            allow(Self.read, names.events)
            allow(both, names.cursors, stack.effects)
            allow(["dynamodb:PutItem", "dynamodb:UpdateItem"], StackNames.control)
            statements.append(Statement(Action: ["ses:SendEmail"], Resource: ["*"]))
            allowBus(names.bus)
        case .release, .mapping:
            break
        case .replay, .replicator, .returnReplicator:
            let other = names.release(counterpart ?? names.release)
            allow(both + ["dynamodb:Scan"], names.events, names.cursors, other.events, other.cursors, stack.ledger)
            if part.role == .replay { allow(["dynamodb:BatchWriteItem", "dynamodb:Query", "dynamodb:Scan"], names.staging) }
            allow(["dynamodb:UpdateItem"], StackNames.control)
            if part.role == .replicator { allowBus(other.bus) }
            if part.role == .returnReplicator { allowBus(names.bus) }
        }
        return statements
    }
}

extension ReleaseNames {
    func release(_ other: String) -> ReleaseNames { ReleaseNames(stack: stack, release: other) }
}
