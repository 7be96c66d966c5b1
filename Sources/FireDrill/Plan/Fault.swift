/// What may become of an AWS call on its way.
enum Fault: Sendable, Hashable {
    /// Refused as too much, and not carried out.
    case throttle
    /// Two transactions on one item: refused, and not carried out. Only where the call is a write to DynamoDB.
    case conflict
    /// A server error, and not carried out.
    case error
    /// A server error, although it was carried out.
    case errorAfter
    /// Carried out, and the connection ends instead of the answer.
    case lostAnswer
    /// Carried out after this many milliseconds.
    case delay(milliseconds: Int)
    /// Carried out, and no answer comes for as long as the caller waits.
    case silence

    enum Kind: String, Sendable, CaseIterable, Codable {
        case throttle
        case conflict
        case error
        case errorAfter = "error after it was done"
        case lostAnswer = "answer lost"
        case delay
        case silence = "no answer"
    }

    var kind: Kind {
        switch self {
        case .throttle: .throttle
        case .conflict: .conflict
        case .error: .error
        case .errorAfter: .errorAfter
        case .lostAnswer: .lostAnswer
        case .delay: .delay
        case .silence: .silence
        }
    }
}

/// Who makes a call.
enum Caller: String, Sendable, Codable, CaseIterable {
    /// The command line tool.
    case tool
    /// The functions of the releases.
    case function
}

/// Where a `kill -9` of the tool strikes: at the call of this number, counted from 1.
struct Kill: Sendable, Hashable, Codable {
    enum Moment: String, Sendable, CaseIterable, Codable {
        /// The call never arrives.
        case before
        /// It was carried out, and the tool dies without having its answer.
        case answerLost = "answer lost"
        /// The tool has the answer, and dies within milliseconds.
        case after
    }

    var call: Int
    var moment: Moment
}
