extension Rule {
    /// Moves an attribute from one type of event to a later one of its stream, as state: an event is never held back for a later one. There is no way
    /// back, which would be to an earlier event; ``copyAttribute(_:from:to:)`` has one.
    public static func moveAttribute(_ path: AttributePath, from first: String, to later: String) -> Rule {
        Rule(carrying(path, from: first, to: later, keeping: false))
    }

    /// Copies an attribute of one type of event to later ones of its stream. The way back removes the copies.
    public static func copyAttribute(_ path: AttributePath, from first: String, to later: String) -> Rule {
        let back = RuleStep([later], makes: [.edited(later)]) { draft in
            var (draft, data) = (draft, try draft.data())
            _ = try data.take(path)
            draft.setData(data)
            return [draft]
        }
        return Rule(carrying(path, from: first, to: later, keeping: true), back: back)
    }

    private static func carrying(_ path: AttributePath, from first: String, to later: String, keeping: Bool) -> RuleStep {
        let outcomes = keeping ? [RuleOutcome.edited(later)] : [.edited(first), .edited(later)]
        return RuleStep([first, later], makes: outcomes, state: [:]) { draft, state in
            var (draft, data) = (draft, try draft.data())
            if draft.type == first {
                guard let value = data.attribute(path) else { throw AttributeProblem(path, "is missing") }
                state["value"] = value
                if keeping { return nil }
                _ = try data.take(path)
            } else {
                guard let value = state["value"] else { throw AttributeProblem(path, "can't be moved here: no '\(first)' came before") }
                try data.put(path, value)
            }
            draft.setData(data)
            return [draft]
        }
    }

    /// Converts each event with what is kept of the stream's earlier ones. `types`: those that `change` sees; `nil`: all.
    public static func fold<State: Codable & Sendable>(
        _ initial: State, on types: Set<String>? = nil,
        _ change: @escaping @Sendable (StoredEvent, inout State) throws -> Conversion,
        back: (@Sendable (StoredEvent, inout State) throws -> Conversion)? = nil
    ) -> Rule {
        func step(_ change: @escaping @Sendable (StoredEvent, inout State) throws -> Conversion) -> RuleStep {
            RuleStep(types, makes: RuleOutcome.byFunction(on: types), state: .null) { draft, slot in
                var state = slot == .null ? initial : try slot.decode(State.self)
                let conversion = try change(draft.seen(), &state)
                slot = try Value(encoding: state)
                return draft.converted(conversion)
            }
        }
        return Rule(step(change), back: back.map(step))
    }

    /// Drops a stream's events and folds them into one summary, whose payload is the state: closing the books, or versioning bankruptcy.
    ///
    /// The summary takes the place of the first event for which `until` is true, and that of the stream's last event up to the cut where there was
    /// none. What comes later passes as it is. There is no way back.
    public static func summarise<Summary: EventPayload>(
        as initial: Summary, until isLast: @escaping @Sendable (StoredEvent) throws -> Bool = { _ in false },
        _ fold: @escaping @Sendable (inout Summary, StoredEvent) throws -> Void
    ) -> Rule {
        // The slot is `null` while nothing was folded, the summary afterwards, and `true` once it was written.
        @Sendable func written(_ summary: Summary, at draft: EventDraft) throws -> [EventDraft] {
            var draft = draft
            draft.become(try ConvertedEvent(summary))
            return [draft]
        }
        let step = RuleStep(
            nil, makes: RuleOutcome.byFunction(on: nil), state: .null,
            close: { last, slot in
                defer { slot = true }
                guard let last, slot != true, slot != .null else { return [] }
                return try written(slot.decode(Summary.self), at: last)
            }
        ) { draft, slot in
            if slot == true { return nil }
            var summary = slot == .null ? initial : try slot.decode(Summary.self)
            let event = try draft.seen()
            try fold(&summary, event)
            if try isLast(event) {
                slot = true
                return try written(summary, at: draft)
            }
            slot = try Value(encoding: summary)
            return []
        }
        return Rule(step)
    }
}

extension EventDraft {
    /// The event as it is by now.
    func seen() throws -> StoredEvent {
        var event = event
        (event.aggregateId, event.type, event.schema, event.data) = (stream, type, schema, try text())
        return event
    }

    func converted(_ conversion: Conversion) -> [EventDraft]? {
        func draft(_ content: ConvertedEvent, _ keepsId: Bool) -> EventDraft {
            var draft = self
            draft.become(content)
            draft.keepsId = keepsId
            return draft
        }
        switch conversion {
        case .keep: return nil
        case .drop: return []
        case .replace(let content): return [draft(content, keepsId)]
        case .split(let contents): return contents.enumerated().map { draft($1, keepsId && $0 == 0) }
        }
    }
}
