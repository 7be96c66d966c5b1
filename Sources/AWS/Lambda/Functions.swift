#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension Lambda {
    public struct FunctionDefinition: Sendable, Hashable {
        public enum Architecture: String, Sendable, Hashable {
            case arm64
            case x86 = "x86_64"
        }

        public var name: String
        public var roleArn: String
        /// E.g. `provided.al2023`.
        public var runtime: String
        public var handler: String
        /// A zip archive of at most 50 MB.
        public var zip: [UInt8]
        public var memoryMiB: Int
        public var timeoutSeconds: Int
        public var environment: [String: String]
        public var tags: [String: String]
        public var architecture: Architecture

        public init(
            name: String, roleArn: String, runtime: String, handler: String, zip: [UInt8], memoryMiB: Int = 512,
            timeoutSeconds: Int = 25, environment: [String: String] = [:], tags: [String: String] = [:],
            architecture: Architecture = .x86
        ) {
            self.name = name
            self.roleArn = roleArn
            self.runtime = runtime
            self.handler = handler
            self.zip = zip
            self.memoryMiB = memoryMiB
            self.timeoutSeconds = timeoutSeconds
            self.environment = environment
            self.tags = tags
            self.architecture = architecture
        }
    }

    public struct FunctionDescription: Sendable, Hashable {
        public var name: String
        public var arn: String
        /// `Pending`, `Active`, `Inactive` or `Failed`.
        public var state: String
        public var stateReason: String?
        /// `Successful`, `InProgress` or `Failed`.
        public var lastUpdateStatus: String
        /// Base64.
        public var codeSha256: String
        public var timeoutSeconds: Int
        public var memoryMiB: Int
        public var environment: [String: String]
        public var reservedConcurrency: Int?
        public var tags: [String: String]
    }

    /// A role that was just made can't be assumed for some seconds; that is waited out, up to a minute.
    /// - Throws: `AWSError`, with `isAlreadyExists` where there is a function of that name.
    @discardableResult
    public func createFunction(_ function: FunctionDefinition) async throws -> FunctionDescription {
        var body: [String: JSON] = [
            "FunctionName": .string(function.name), "Role": .string(function.roleArn),
            "Runtime": .string(function.runtime), "Handler": .string(function.handler),
            "Code": ["ZipFile": .string(Data(function.zip).base64EncodedString())],
            "MemorySize": .int(function.memoryMiB), "Timeout": .int(function.timeoutSeconds),
            "Architectures": .strings([function.architecture.rawValue]), "PackageType": "Zip",
        ]
        if !function.environment.isEmpty { body["Environment"] = ["Variables": .strings(function.environment)] }
        if !function.tags.isEmpty { body["Tags"] = .strings(function.tags) }

        var description: FunctionDescription?
        let waiter = Waiter(
            "role \(function.roleArn) to be usable by Lambda", deadline: .seconds(60),
            poll: Backoff(first: .seconds(1), longest: .seconds(5)), clock: client.clock)
        try await waiter.wait {
            do {
                let answer = try await client.rest(.lambda, "CreateFunction", "POST", Self.functions, body)
                description = FunctionDescription(configuration: answer)
                return .reached
            } catch let error as AWSError
                where error.code == "InvalidParameterValueException" && error.message.contains("cannot be assumed")
            {
                return .notYet("refused: \(error.message)")
            }
        }
        return description ?? FunctionDescription(configuration: .null)
    }

    /// - Returns: nil where there is no such function.
    public func getFunction(_ name: String) async throws -> FunctionDescription? {
        do {
            let answer = try await client.rest(.lambda, "GetFunction", "GET", Self.path(of: name))
            var description = FunctionDescription(configuration: answer["Configuration"])
            description.reservedConcurrency = answer["Concurrency"]["ReservedConcurrentExecutions"].int
            description.tags = (answer["Tags"].object ?? [:]).compactMapValues(\.string)
            return description
        } catch let error as AWSError where error.isNotFound {
            return nil
        }
    }

    /// Until it can be invoked and changed.
    /// - Throws: `WaiterError`, at once where the function has failed.
    public func waitUntilActive(_ name: String, deadline: Duration = .seconds(300)) async throws {
        try await Waiter("function \(name) to become Active", deadline: deadline, clock: client.clock).wait {
            guard let function = try await getFunction(name) else { return .notYet("absent") }
            if function.state == "Failed" || function.lastUpdateStatus == "Failed" {
                return .impossible(function.stateReason ?? "it has failed")
            }
            let isReady = function.state == "Active" && function.lastUpdateStatus != "InProgress"
            return isReady ? .reached : .notYet("\(function.state), \(function.lastUpdateStatus)")
        }
    }

    /// Nothing happens where there is no such function.
    public func deleteFunction(_ name: String) async throws {
        do {
            _ = try await client.rest(.lambda, "DeleteFunction", "DELETE", Self.path(of: name))
        } catch let error as AWSError where error.isNotFound {}
    }

    /// - Parameter reserved: 0 stops new invocations at once; nil gives the function its share of the account's again.
    public func putConcurrency(_ name: String, reserved: Int?) async throws {
        let path = "/2017-10-31/functions/\(name.percentEncoded())/concurrency"
        guard let reserved else {
            _ = try await client.rest(.lambda, "DeleteFunctionConcurrency", "DELETE", path)
            return
        }
        _ = try await client.rest(
            .lambda, "PutFunctionConcurrency", "PUT", path, ["ReservedConcurrentExecutions": .int(reserved)])
    }

    /// Lets another service invoke the function. Nothing happens where the statement exists.
    /// - Parameters:
    ///   - principal: e.g. `apigateway.amazonaws.com`.
    ///   - sourceArn: of what may invoke, with wildcards.
    public func addPermission(
        _ name: String, statementId: String, principal: String, sourceArn: String? = nil,
        action: String = "lambda:InvokeFunction"
    ) async throws {
        var body: [String: JSON] = [
            "StatementId": .string(statementId), "Principal": .string(principal), "Action": .string(action),
        ]
        if let sourceArn { body["SourceArn"] = .string(sourceArn) }
        do {
            _ = try await client.rest(.lambda, "AddPermission", "POST", Self.path(of: name) + "/policy", body)
        } catch let error as AWSError where error.isAlreadyExists {}
    }
}

extension Lambda.FunctionDescription {
    init(configuration json: JSON) {
        name = json["FunctionName"].string ?? ""
        arn = json["FunctionArn"].string ?? ""
        state = json["State"].string ?? ""
        stateReason = json["StateReason"].string ?? json["LastUpdateStatusReason"].string
        lastUpdateStatus = json["LastUpdateStatus"].string ?? ""
        codeSha256 = json["CodeSha256"].string ?? ""
        timeoutSeconds = json["Timeout"].int ?? 0
        memoryMiB = json["MemorySize"].int ?? 0
        environment = (json["Environment"]["Variables"].object ?? [:]).compactMapValues(\.string)
        tags = [:]
    }
}
