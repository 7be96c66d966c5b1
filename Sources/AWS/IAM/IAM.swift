/// IAM roles with inline policies.
public struct IAM: Sendable {
    private let client: AWSClient

    public init(_ client: AWSClient) {
        self.client = client
    }

    /// - Parameter trustPolicy: JSON: who may assume the role.
    /// - Returns: the role's ARN.
    /// - Throws: `AWSError`, with `isAlreadyExists` where there is a role of that name.
    @discardableResult
    public func createRole(_ name: String, trustPolicy: String, tags: [String: String] = [:]) async throws -> String {
        var fields = [("RoleName", name), ("AssumeRolePolicyDocument", trustPolicy)]
        for (index, tag) in tags.sorted(by: { $0.key < $1.key }).enumerated() {
            fields.append(("Tags.member.\(index + 1).Key", tag.key))
            fields.append(("Tags.member.\(index + 1).Value", tag.value))
        }
        let answer = try await call("CreateRole", fields)
        return try arn(in: answer.at("CreateRoleResult", "Role"), operation: "CreateRole")
    }

    /// - Returns: the role's ARN; nil where there is no such role.
    public func getRole(_ name: String) async throws -> String? {
        do {
            let answer = try await call("GetRole", [("RoleName", name)])
            return try arn(in: answer.at("GetRoleResult", "Role"), operation: "GetRole")
        } catch let error as AWSError where error.isNotFound {
            return nil
        }
    }

    /// Creates or replaces.
    /// - Parameter document: JSON; all inline policies of a role together at most 10,240 characters.
    public func putRolePolicy(role: String, name: String, document: String) async throws {
        _ = try await call(
            "PutRolePolicy", [("RoleName", role), ("PolicyName", name), ("PolicyDocument", document)])
    }

    /// Nothing happens where there is no such policy or role.
    public func deleteRolePolicy(role: String, name: String) async throws {
        do {
            _ = try await call("DeleteRolePolicy", [("RoleName", role), ("PolicyName", name)])
        } catch let error as AWSError where error.isNotFound {}
    }

    /// The inline policies' names; none where there is no such role.
    public func listRolePolicies(_ role: String) async throws -> [String] {
        var names: [String] = []
        var marker: String?
        repeat {
            let page: XMLElement
            do {
                page = try await call("ListRolePolicies", [("RoleName", role)] + (marker.map { [("Marker", $0)] } ?? []))
            } catch let error as AWSError where error.isNotFound {
                return []
            }
            let result = page.first("ListRolePoliciesResult")
            names += result?.first("PolicyNames")?.all("member").map(\.text) ?? []
            marker = result?.first("IsTruncated")?.text == "true" ? result?.first("Marker")?.text : nil
        } while marker != nil
        return names
    }

    /// Its inline policies must be gone. Nothing happens where there is no such role.
    public func deleteRole(_ name: String) async throws {
        do {
            _ = try await call("DeleteRole", [("RoleName", name)])
        } catch let error as AWSError where error.isNotFound {}
    }

    private func arn(in role: XMLElement?, operation: String) throws -> String {
        guard let arn = role?.first("Arn")?.text, !arn.isEmpty else {
            throw UnexpectedAnswer(service: "IAM", operation: operation, problem: "no ARN")
        }
        return arn
    }

    private func call(_ operation: String, _ fields: [(String, String)]) async throws -> XMLElement {
        try await client.query(.iam, operation, version: "2010-05-08", fields.map { (name: $0.0, value: $0.1) })
    }
}
