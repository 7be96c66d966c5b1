import EventStore
import Foundation
import StackDescription

/// What a role allows: just what its function or state machine does.
struct Permissions: Sendable {
    let cloud: Cloud
    let names: ReleaseNames
    let counterpart: String?
    /// The functions that the replay hands streams to.
    let replayProjectors: [String]
    /// The name of the domain that search indexes are in.
    let searchDomain: String?

    private struct Statement: Encodable {
        var Effect = "Allow"
        var Action: [String]
        var Resource: [String]
    }

    private static let read = ["dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query"]
    private static let write = [
        "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:BatchWriteItem", "dynamodb:ConditionCheckItem",
    ]

    /// Lets a service, e.g. `lambda.amazonaws.com`, assume a role.
    static func trust(_ service: String) -> String {
        """
        {"Statement":[{"Action":"sts:AssumeRole","Effect":"Allow","Principal":{"Service":"\(service)"}}],"Version":"2012-10-17"}
        """
    }

    /// The policy document of a function, as JSON.
    func policy(of part: ReleaseFunction) -> String { Self.document(statements(of: part)) }

    /// The policy document of a replay's state machine, as JSON: it calls one function, and looks after the executions of its own map.
    func replayMachinePolicy(calling function: String) -> String {
        let executions = cloud.executionARN(names.replayMachine, "*")
        let ofMap = cloud.executionARN(names.replayMachine + "/*", "*")
        return Self.document([
            Statement(Action: ["lambda:InvokeFunction"], Resource: [cloud.functionARN(function), cloud.functionARN(function) + ":*"]),
            Statement(Action: ["states:StartExecution"], Resource: [cloud.stateMachineARN(names.replayMachine)]),
            Statement(Action: ["states:DescribeExecution", "states:StopExecution"], Resource: [executions, ofMap]),
        ])
    }

    private static func document(_ statements: [Statement]) -> String {
        struct Document: Encodable {
            var Version = "2012-10-17"
            var Statement: [Permissions.Statement]
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(Document(Statement: statements))).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }

    /// The tables of a read model's rebuilds.
    private func laterGenerations(of model: ReadModel) -> String { names.readModel(model.name) + ".*" }

    private func statements(of part: ReleaseFunction) -> [Statement] {
        let group = "arn:aws:logs:\(cloud.region):\(cloud.account):log-group:\(LogGroup.name(of: names.function(part.name))):*"
        var statements = [Statement(Action: ["logs:CreateLogStream", "logs:PutLogEvents"], Resource: [group])]
        let stack = StackNames(stack: names.stack)
        let both = Self.read + Self.write
        func allow(_ actions: [String], _ tables: String...) {
            statements.append(Statement(Action: actions, Resource: tables.map(cloud.tableARN)))
        }
        func allowSearch(_ model: ReadModel, _ calls: String...) {
            guard let searchDomain else { return }
            statements.append(
                Statement(
                    Action: ["es:ESHttpPost"],
                    Resource: calls.map { cloud.searchARN(searchDomain, "\(names.readModel(model.name))/\($0)") }))
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
        case .query(let model) where model.isIndex:
            allowSearch(model, "_search")
        case .query(let model):
            allow(Self.read, names.readModel(model.name), laterGenerations(of: model), names.cursors)
            if !model.indexes.isEmpty {
                statements.append(
                    Statement(
                        Action: ["dynamodb:Query"],
                        Resource: [names.readModel(model.name), laterGenerations(of: model)].map { cloud.tableARN($0) + "/index/*" }))
            }
        case .projector(let model):
            allow(Self.read, names.events)
            if model.isIndex {
                allow(both, names.cursors)
                allowSearch(model, "_mget", "_bulk")
            } else {
                allow(both, names.readModel(model.name), laterGenerations(of: model), names.cursors)
            }
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
            if part.role == .replay, !replayProjectors.isEmpty {
                statements.append(Statement(Action: ["lambda:InvokeFunction"], Resource: replayProjectors.map(cloud.functionARN)))
            }
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
