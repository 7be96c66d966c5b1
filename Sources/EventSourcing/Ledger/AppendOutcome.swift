/// What became of an append.
public enum AppendOutcome: Sendable, Hashable {
    /// The events are in the store, by this try or an earlier one.
    case appended
    /// Another commit took the version: reload and decide again.
    case conflict
    /// Appends are stopped for a moment: wait, or help to end it.
    case handingOver(Head)
    /// Another release owns the writes: forward the request.
    case moved(to: String)
    /// The epoch or the outbox changed: adopt the head and try again.
    case stale(Head)
    /// Another transaction was in the way: try again after a short wait.
    case contended
}

/// What a refused append found, in the order of the transaction's actions.
public struct AppendRefusal: Sendable, Hashable {
    /// Per event: what was put, and what was found where its condition failed; `nil` where that isn't known.
    public struct Occupied: Sendable, Hashable {
        public var put: EventIdentity
        public var found: EventIdentity?

        public init(put: EventIdentity, found: EventIdentity?) {
            self.put = put
            self.found = found
        }
    }

    public var occupied: [Occupied]
    /// The head as it stood, where its condition failed.
    public var head: Head?

    public init(occupied: [Occupied], head: Head?) {
        self.occupied = occupied
        self.head = head
    }

    /// The events' reasons come before the head's: a retry whose first try was committed finds a newer head as well, and it must learn that it succeeded.
    public func outcome(for release: String) -> AppendOutcome {
        if let event = occupied.first {
            return event.put == event.found ? .appended : .conflict
        }
        guard let head else { return .contended }
        return head.admits(release) ?? .stale(head)
    }
}

extension Head {
    /// `nil` where the release may append; else why it may not.
    public func admits(_ release: String) -> AppendOutcome? {
        if handover != nil { return .handingOver(self) }
        if owner != release { return .moved(to: owner) }
        return nil
    }
}
