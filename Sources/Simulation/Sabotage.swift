/// A world that breaks a promise on purpose: a check that can't fail proves nothing.
public enum Sabotage: String, Sendable, CaseIterable {
    /// Appends go on under a seal.
    case ignoresSeals
    /// Appends and promotions go on in another epoch than they were meant for.
    case ignoresEpochs
    /// Whoever asks may append.
    case ignoresOwners
    /// Any handover's seal counts as one's own.
    case ignoresHandoverIDs
    /// A handover's record goes from any state to any.
    case ignoresRecordStates
    /// An event can be written over.
    case overwritesEvents
    /// A replicator's cursor and its first one are written whatever they were.
    case ignoresReplicaCursors
    /// Two tries may claim one effect.
    case ignoresClaims
    /// A document and a projector's cursor are written whatever they were.
    case ignoresRevisions
    /// What can be done of a refused transaction is done.
    case halfTransactions
    /// Commits leave nothing in the outbox.
    case losesOutbox
    /// Consistent reads show what was true a moment ago.
    case staleReads
    /// A reactor takes every event for its own release's.
    case forgedOrigins
    /// A reactor's mail is sent, and noted in a journal that forgets.
    case forgetsJournal
    /// An acknowledgement tells of another place than the command's events have.
    case misplacedAnswers
    /// An answer without events tells of a stream that never was.
    case untrueAnswers
    /// A forwarded request never arrives.
    case losesForwarded

    /// Parts of conditions, and what they are read as. All values stay in use, as the store insists.
    var misreading: [(String, String)] {
        switch self {
        case .ignoresSeals: [("attribute_not_exists(#handover)", "(attribute_not_exists(#handover) OR attribute_exists(#handover))")]
        case .ignoresEpochs: [Self.always("#epoch = :epoch")]
        case .ignoresOwners: [Self.always("#owner = :self"), Self.always("#epoch = :epoch")]
        case .ignoresHandoverIDs: [Self.always("#handover.#id = :id")]
        case .ignoresRecordStates: [Self.always("#state = :from")]
        case .overwritesEvents:
            [("attribute_not_exists(#aggregateId)", "(attribute_not_exists(#aggregateId) OR attribute_exists(#aggregateId))")]
        case .ignoresReplicaCursors:
            [
                Self.always("#sourceVersion = :old"),
                ("attribute_not_exists(#consumer)", "(attribute_not_exists(#consumer) OR attribute_exists(#consumer))"),
                ("attribute_not_exists(#aggregateId)", "(attribute_not_exists(#aggregateId) OR attribute_exists(#aggregateId))"),
            ]
        case .ignoresClaims:
            [
                Self.always("#claim = :old"),
                ("attribute_not_exists(#reactor)", "(attribute_not_exists(#reactor) OR attribute_exists(#reactor))"),
            ]
        case .ignoresRevisions:
            [
                Self.always("#_revision = :old"), Self.always("#_event = :event"), Self.always("#version = :old"),
                ("attribute_not_exists(#id)", "(attribute_not_exists(#id) OR attribute_exists(#id))"),
                ("attribute_not_exists(#version)", "(attribute_not_exists(#version) OR attribute_exists(#version))"),
            ]
        case .halfTransactions, .losesOutbox, .staleReads, .forgedOrigins, .forgetsJournal, .misplacedAnswers, .untrueAnswers,
            .losesForwarded:
            []
        }
    }

    private static func always(_ condition: String) -> (String, String) { (condition, "(\(condition) OR NOT \(condition))") }
}
