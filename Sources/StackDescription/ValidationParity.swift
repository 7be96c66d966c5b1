extension Stack {
    func parityProblems() -> [Problem] {
        let models = readModels.map(\.name)
        var problems = repeated(parity, by: \.readModel).map { expectation, occurrence in
            Problem.parity(
                of: expectation.readModel, "there are two expectations of read model '\(expectation.readModel)'",
                occurrence: occurrence)
        }
        for expectation in parity {
            let model = expectation.readModel
            if expectation.check == .removed {
                if models.contains(model) {
                    problems.append(.parity(of: model, "read model '\(model)' can't be removed and there: take one of them out"))
                }
                continue
            }
            if !models.contains(model) {
                problems.append(
                    .parity(
                        of: model, "parity is expected of '\(model)', which is not a read model of this stack",
                        hint: NearMiss.hint(for: model, among: models)))
            }
            if let leniency = expectation.check.leniency { problems += self.problems(of: leniency, model) }
            switch expectation.check {
            case .exact, .new, .removed: break
            case .mapped(let mapping, _, _, _):
                if !Syntax.isHandler(mapping) {
                    problems.append(.with(mapping, "'\(mapping)' can't name a mapping", hint: Syntax.handlerRule))
                }
            case .unchecked(let reason):
                if reason.allSatisfy(\.isWhitespace) {
                    problems.append(
                        .parity(
                            of: model, "read model '\(model)' is left unchecked without a reason",
                            hint: ".unchecked(because: \"…\")"))
                }
            }
        }
        return problems
    }

    private func problems(of leniency: ParityExpectation.Leniency, _ model: String) -> [Problem] {
        let fields = leniency.ignoring + leniency.within.keys.sorted() + leniency.unordered
        return fields.filter { $0.isEmpty || $0 == "id" }.map {
            .with($0, "parity of '\(model)' can't be lenient with the field '\($0)'", hint: "a document's id has to be equal")
        }
            + leniency.within.filter { !$0.value.isFinite || $0.value < 0 }.keys.sorted().map {
                .with($0, "parity of '\(model)' needs a tolerance of 0 or more for the field '\($0)'")
            }
    }
}
