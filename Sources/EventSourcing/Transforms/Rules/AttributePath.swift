/// Where an attribute stands in an event's data: names of fields with points between them, e.g. `customer.name`.
public struct AttributePath: Sendable, Hashable, ExpressibleByStringLiteral, CustomStringConvertible {
    let names: [String]

    public init(stringLiteral path: String) { names = path.split(separator: ".").map(String.init) }

    public var description: String { names.joined(separator: ".") }
}

extension Value {
    func attribute(_ path: AttributePath) -> Value? { path.names.reduce(self) { $0?[$1] } }

    /// Removes the attribute, and objects that have no other. Throws where it is missing.
    mutating func take(_ path: AttributePath) throws -> Value {
        guard let value = attribute(path) else { throw AttributeProblem(path, "is missing") }
        remove(path.names[...])
        return value
    }

    /// Adds the attribute, and the objects that lead to it. Throws where it is there already.
    mutating func put(_ path: AttributePath, _ value: Value) throws {
        guard attribute(path) == nil else { throw AttributeProblem(path, "is there already") }
        guard insert(path.names[...], value) else { throw AttributeProblem(path, "can't be added: what holds it is no object") }
    }

    private mutating func remove(_ names: ArraySlice<String>) {
        guard let name = names.first else { return }
        if names.count > 1, var inner = self[name] {
            inner.remove(names.dropFirst())
            self[name] = inner.object?.isEmpty == true ? nil : inner
        } else {
            self[name] = nil
        }
    }

    private mutating func insert(_ names: ArraySlice<String>, _ value: Value) -> Bool {
        guard case .object(let fields) = self, let name = names.first else { return false }
        guard names.count > 1 else {
            self[name] = value
            return true
        }
        var inner = fields[name] ?? .object([:])
        guard inner.insert(names.dropFirst(), value) else { return false }
        self[name] = inner
        return true
    }
}

/// Data that a rule doesn't fit.
public struct AttributeProblem: Error, Sendable, Hashable, CustomStringConvertible {
    public var path: String
    public var problem: String

    init(_ path: AttributePath, _ problem: String) {
        self.path = path.description
        self.problem = problem
    }

    public var description: String { "attribute '\(path)' \(problem)" }
}
