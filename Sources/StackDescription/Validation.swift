extension Stack {
    /// All that is wrong with the stack by itself, in the manifest's order; empty if nothing is.
    public func problems() -> [Problem] {
        nameProblems() + functionProblems() + eventProblems() + apiProblems() + commandProblems() + readModelProblems()
            + functionNameProblems() + routeProblems() + searchProblems() + transformProblems() + parityProblems() + mailProblems()
            + trafficProblems()
    }

    private func nameProblems() -> [Problem] {
        if name.isEmpty { return [.with(name, "the stack has no name")] }
        if name.count > 20 {
            return [.with(name, "the stack's name '\(name)' is \(name.count) characters long; at most 20 are allowed")]
        }
        guard Syntax.isPartName(name) else {
            return [.with(name, "the stack's name '\(name)' is not valid", hint: Syntax.partNameRule)]
        }
        return []
    }

    private func transformProblems() -> [Problem] {
        guard let transform else { return [] }
        return Syntax.isHandler(transform.name)
            ? [] : [.with(transform.name, "'\(transform.name)' can't name a transform", hint: Syntax.handlerRule)]
    }

    private func mailProblems() -> [Problem] {
        guard let mail, !Syntax.isAddress(mail.sender) else { return [] }
        return [
            .with(mail.sender, "mail can't be sent from '\(mail.sender)'", hint: "write it like 'shop@orders.example'")
        ]
    }

    private func trafficProblems() -> [Problem] {
        guard let rate = traffic?.writesPerSecond else { return [] }
        guard rate.isFinite, rate > 0 else {
            return [Problem("\(rate) writes a second can't be expected", anchor: "writesPerSecond:")]
        }
        let needed = (2 * rate * Handover.deadlineSeconds).rounded(.up)
        guard let concurrency = functions.concurrency, Double(concurrency) < needed else { return [] }
        return [
            Problem(
                "a concurrency of \(concurrency) is too little for \(rate) writes a second",
                hint: "a handover may hold requests back for \(Int(Handover.deadlineSeconds)) s and needs twice that: "
                    + "at least \(Int(exactly: needed).map(String.init) ?? "\(needed)")",
                anchor: "concurrency:")
        ]
    }
}

/// Figures of the handover that a stack's limits have to fit.
enum Handover {
    /// How long a request may have to wait for a handover before any participant can end it.
    static let deadlineSeconds = 10.0
}

/// Names that occur more than once, each with the number of the occurrence, counted from 0.
func repeated<Element, Name: Hashable>(
    _ elements: [Element], by name: (Element) -> Name
) -> [(element: Element, occurrence: Int)] {
    var seen: [Name: Int] = [:]
    return elements.compactMap { element in
        let occurrence = seen[name(element), default: 0]
        seen[name(element)] = occurrence + 1
        return occurrence > 0 ? (element, occurrence) : nil
    }
}
