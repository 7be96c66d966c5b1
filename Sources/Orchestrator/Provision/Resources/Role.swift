import AWS

/// The IAM role of one function or state machine, of the same name.
struct Role: Resource {
    var name: String
    var policy: String
    /// Who assumes it.
    var service = "lambda.amazonaws.com"
    var tags: [String: String]

    /// The one inline policy of a role.
    private static let policyName = "immutable-stack"

    var id: String { Self.id(name) }
    static func id(_ name: String) -> String { "role \(name)" }
    var dependencies: [String] { [] }

    func state(in cloud: Cloud) async throws -> ResourceState {
        guard try await cloud.iam.getRole(name) != nil else { return .absent }
        return try await cloud.iam.listRolePolicies(name).contains(Self.policyName) ? .ready : .pending
    }

    func create(in cloud: Cloud) async throws {
        do {
            try await cloud.iam.createRole(name, trustPolicy: Permissions.trust(service), tags: tags)
        } catch let error as AWSError where error.isAlreadyExists {}
        try await cloud.iam.putRolePolicy(role: name, name: Self.policyName, document: policy)
    }

    /// A role whose policy is missing is `pending`: an earlier try ended between the two calls.
    func settle(in cloud: Cloud) async throws { try await create(in: cloud) }

    func delete(in cloud: Cloud) async throws {
        do {
            for policy in try await cloud.iam.listRolePolicies(name) { try await cloud.iam.deleteRolePolicy(role: name, name: policy) }
            try await cloud.iam.deleteRole(name)
        } catch let error as AWSError where error.isNotFound {}
    }
}
