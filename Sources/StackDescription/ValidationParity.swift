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
            if !models.contains(model) {
                problems.append(
                    .parity(
                        of: model, "parity is expected of '\(model)', which is not a read model of this stack",
                        hint: NearMiss.hint(for: model, among: models)))
            }
            switch expectation.check {
            case .exact(let ignoring):
                problems += ignoring.filter { $0.isEmpty || $0 == "id" }.map {
                    .with($0, "parity of '\(model)' can't ignore the field '\($0)'")
                }
            case .unchecked(let reason):
                if reason.allSatisfy(\.isWhitespace) {
                    problems.append(
                        .parity(
                            of: model, "read model '\(model)' is left unchecked without a reason",
                            hint: ".unchecked(because: \"…\")"))
                }
            case .new: break
            }
        }
        return problems
    }
}
