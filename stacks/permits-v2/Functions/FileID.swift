/// The id of a department's file of a case, `<case>/<department>`: two departments that work on one case need not wait for each other.
struct FileID: Hashable, CustomStringConvertible {
    var caseId: String
    /// Empty where no department is known.
    var department: String

    init(caseId: String, department: String) {
        self.caseId = caseId
        self.department = department
    }

    /// A department's name has no slash; a case's id may.
    init(_ stream: String) {
        guard let slash = stream.lastIndex(of: "/") else {
            self.init(caseId: stream, department: "")
            return
        }
        self.init(caseId: String(stream[..<slash]), department: String(stream[stream.index(after: slash)...]))
    }

    var description: String { "\(caseId)/\(department)" }
}
