/// Steps one after another, as one mapping. Its state is the list of its steps' states.
struct RuleChain: Sendable {
    private let steps: [RuleStep]
    private let types: Set<String>?

    init(_ steps: [RuleStep]) {
        self.steps = steps
        types = steps.reduce(into: Set<String>?.some([])) { all, step in
            if let types = step.types { all?.formUnion(types) } else { all = nil }
        }
    }

    func mapping(_ layout: Mapping.Layout, order: (@Sendable (StoredEvent) throws -> String)?) -> Mapping {
        let initial = steps.map { $0.initial ?? .null }
        var closing: (@Sendable (StoredEvent?, inout Value) throws -> [EventDraft])?
        if steps.contains(where: { $0.close != nil }) { closing = { last, state in try close(last, &state) } }
        var waits: (@Sendable (Value) -> Set<String>)?
        if steps.contains(where: { $0.waiting != nil }) { waits = { state in waiting(in: state) } }
        return Mapping(
            layout: layout, hasState: steps.contains { $0.initial != nil }, types: types, outcomes: steps.map(\.outcomes),
            initialState: .list(initial), order: order, close: closing, waiting: waits
        ) { event, state in
            if let types, !types.contains(event.type) { return nil }
            return try pass([EventDraft(event)], from: 0, &state)
        }
    }

    private func pass(_ drafts: [EventDraft], from first: Int, _ state: inout Value) throws -> [EventDraft] {
        var drafts = drafts
        for index in first..<steps.count {
            let step = steps[index]
            guard drafts.contains(where: { step.handles($0) }) else { continue }
            drafts = try state.changing(slot: index) { slot in
                try drafts.flatMap { draft in
                    guard step.handles(draft) else { return [draft] }
                    return try step.apply(draft, &slot) ?? [draft]
                }
            }
        }
        return drafts
    }

    private func waiting(in state: Value) -> Set<String> {
        zip(steps, state.list ?? []).reduce(into: []) { all, step in all.formUnion(step.0.waiting?(step.1) ?? []) }
    }

    private func close(_ last: StoredEvent?, _ state: inout Value) throws -> [EventDraft] {
        var added: [EventDraft] = []
        for (index, step) in steps.enumerated() {
            guard let close = step.close else { continue }
            let drafts = try state.changing(slot: index) { try close(last.map(EventDraft.init), &$0) }
            added += try pass(drafts, from: index + 1, &state)
        }
        return added
    }
}

extension RuleStep {
    fileprivate func handles(_ draft: EventDraft) -> Bool { types?.contains(draft.type) ?? true }
}

extension Value {
    fileprivate mutating func changing<Result>(slot: Int, _ body: (inout Value) throws -> Result) throws -> Result {
        guard case .list(var slots) = self, slots.indices.contains(slot) else { throw StateOfOtherRules() }
        let result = try body(&slots[slot])
        self = .list(slots)
        return result
    }
}

/// A state that other rules left.
struct StateOfOtherRules: Error, CustomStringConvertible {
    var description: String { "the stored state is that of another transform" }
}
