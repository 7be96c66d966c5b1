extension Stack {
    func functionProblems() -> [Problem] {
        artifactProblems() + limitProblems() + environmentProblems()
    }

    private func artifactProblems() -> [Problem] {
        switch functions.artifact {
        case .swiftProduct(let name):
            return name.isEmpty ? [.with(name, "the functions' Swift product has no name")] : []
        case .zip(let path, let runtime, let handler):
            var problems: [Problem] = []
            if !path.hasSuffix(".zip") {
                problems.append(.with(path, "'\(path)' is not the path of a .zip file"))
            }
            if runtime.isEmpty {
                problems.append(.with(runtime, "the .zip file has no runtime", hint: "for instance \"nodejs22.x\""))
            }
            if handler.isEmpty {
                problems.append(.with(handler, "the .zip file has no handler", hint: "for instance \"index.handler\""))
            }
            return problems
        }
    }

    private func limitProblems() -> [Problem] {
        var problems: [Problem] = []
        if !(128...10_240).contains(functions.memory) {
            problems.append(
                Problem("a function can't have \(functions.memory) MiB", hint: "128 to 10,240 MiB", anchor: "memory:"))
        }
        if functions.timeoutSeconds < 20 {
            problems.append(
                Problem(
                    "a timeout of \(functions.timeoutSeconds) s is too short",
                    hint: "a request may wait 10 s for a handover and needs 10 s for itself: 20 to 29 s",
                    anchor: "timeout:"))
        }
        if functions.timeoutSeconds >= 30 {
            problems.append(
                Problem(
                    "a timeout of \(functions.timeoutSeconds) s is too long",
                    hint: "the HTTP API gives a request up after 30 s: 20 to 29 s", anchor: "timeout:"))
        }
        if let concurrency = functions.concurrency, concurrency < 1 {
            problems.append(
                Problem(
                    "a concurrency of \(concurrency) lets no function run", hint: "leave it out, or at least 1",
                    anchor: "concurrency:"))
        }
        if !LogRetention.allowedDays.contains(functions.logRetentionDays) {
            let allowed = LogRetention.allowedDays.map(String.init).joined(separator: ", ")
            problems.append(
                Problem(
                    "logs can't be kept for \(functions.logRetentionDays) days",
                    hint: "CloudWatch Logs allows \(allowed)", anchor: "logRetention:"))
        }
        return problems
    }

    private func environmentProblems() -> [Problem] {
        let names = functions.environment.keys.sorted()
        var problems = names.compactMap { name -> Problem? in
            if !Syntax.isEnvironmentName(name) {
                return .with(
                    name, "'\(name)' can't name an environment variable",
                    hint: "a letter, then at least one letter, digit or underscore")
            }
            let taken = ["AWS_", "IMMUTABLE_", "LAMBDA_"].contains { name.uppercased().hasPrefix($0) }
            return taken
                ? .with(
                    name, "the environment variable '\(name)' is set by Lambda or by Immutable Stack",
                    hint: "choose a name that begins neither with AWS_ nor LAMBDA_ nor IMMUTABLE_") : nil
        }
        let size = functions.environment.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count }
        if size > 3072 {
            problems.append(
                Problem(
                    "the environment has \(size) bytes; Lambda allows 4 KB, of which 1 KB is kept for Immutable Stack",
                    hint: "keep larger settings in Systems Manager or in S3", anchor: "environment:"))
        }
        return problems
    }

    /// Function names have to be different, and to fit Lambda and IAM (64 characters) with stack and release.
    func functionNameProblems() -> [Problem] {
        let parts = functionParts
        let room = PartName.room(in: 64, stack: name)
        var owners: [String: FunctionPart] = [:]
        return parts.compactMap { part in
            let literal = part.literal
            if part.name.count > room {
                return .with(
                    literal, "the function name '\(part.name)' of '\(literal)' is too long for Lambda",
                    hint: "with the stack and a release before it at most \(room) characters are left of 64")
            }
            if PartName.reserved.contains(part.name) {
                return .with(
                    literal, "'\(part.name)' is a function that every release has of its own: rename '\(literal)'")
            }
            if let owner = owners[part.name], !(owner.literal == literal && owner.role.kind == part.role.kind) {
                return .with(
                    literal, "'\(owner.literal)' and '\(literal)' would both be the function '\(part.name)'",
                    occurrence: owner.literal == literal ? 1 : 0)
            }
            owners[part.name] = owners[part.name] ?? part
            return nil
        }
    }
}

extension FunctionPart {
    /// What the manifest calls it.
    fileprivate var literal: String {
        switch role {
        case .command(let command): command.handler
        case .projector(let model): model.projection
        case .query(let model): model.name
        case .reactor(let reactor): reactor.handler
        case .mapping(let name): name
        }
    }
}

extension FunctionPart.Role {
    fileprivate var kind: String {
        switch self {
        case .command: "command"
        case .projector: "projector"
        case .query: "query"
        case .reactor: "reactor"
        case .mapping: "mapping"
        }
    }
}

extension LogRetention {
    /// PutRetentionPolicy, `retentionInDays`.
    public static let allowedDays = [
        1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
    ]
}
