extension AWSClient {
    /// AWS' JSON protocol: the operation is in `x-amz-target`, the body is JSON both ways.
    /// - Parameter timeout: of one try; the client's where nil.
    func call(
        _ service: AWSService, _ operation: String, target: String, version: String, body: [UInt8], timeout: Duration? = nil,
        retry: RetryRule = .whenTransient
    ) async throws -> [UInt8] {
        var request = AWSRequest(service, operation)
        request.headers["content-type"] = "application/x-amz-json-\(version)"
        request.headers["x-amz-target"] = "\(target).\(operation)"
        request.body = body
        request.timeout = timeout
        request.retry = retry
        return try await send(request).body
    }

    /// The same with JSON values.
    func call(
        _ service: AWSService, _ operation: String, target: String, version: String = "1.1", _ members: [String: JSON],
        retry: RetryRule = .whenTransient
    ) async throws -> JSON {
        let answer = try await call(
            service, operation, target: target, version: version, body: JSON.object(members).bytes, retry: retry)
        return try parsed(answer, service, operation)
    }

    /// AWS' REST protocol: method and path say what, the bodies are JSON. An empty answer is `null`.
    func rest(
        _ service: AWSService, _ operation: String, _ method: String, _ path: String,
        query: [(name: String, value: String)] = [], _ members: [String: JSON]? = nil,
        retry: RetryRule = .whenTransient
    ) async throws -> JSON {
        var request = AWSRequest(service, operation, method: method, path: path)
        request.query = query
        request.retry = retry
        if let members {
            request.headers["content-type"] = "application/json"
            request.body = JSON.object(members).bytes
        }
        return try parsed(try await send(request).body, service, operation)
    }

    /// AWS' query protocol: a form, answered with XML.
    func query(
        _ service: AWSService, _ operation: String, version: String, _ fields: [(name: String, value: String)],
        isSigned: Bool = true, retry: RetryRule = .whenTransient
    ) async throws -> XMLElement {
        var request = AWSRequest(service, operation)
        request.headers["content-type"] = "application/x-www-form-urlencoded; charset=utf-8"
        request.body = Array(formEncoded([("Action", operation), ("Version", version)] + fields).utf8)
        request.isSigned = isSigned
        request.retry = retry
        let answer = try await send(request).body
        do {
            return try XMLElement(parsing: answer)
        } catch {
            throw UnexpectedAnswer(service: service.name, operation: operation, problem: "\(error)")
        }
    }

    func parsed(_ answer: [UInt8], _ service: AWSService, _ operation: String) throws -> JSON {
        guard answer.contains(where: { !$0.isASCIIWhitespace }) else { return .null }
        do {
            return try JSON(parsing: answer)
        } catch {
            throw UnexpectedAnswer(service: service.name, operation: operation, problem: "\(error)")
        }
    }
}
