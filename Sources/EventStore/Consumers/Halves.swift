/// Asks about many things together. Where one of them makes the whole request fail, and the error names no other, each half is asked about, down to
/// that one, for which `alone` answers.
/// - Parameter isOfOne: whether an error comes of one of them.
package func askingInHalves<Question, Answer, Failure: Error>(
    _ questions: [Question], _ ask: ([Question]) async throws -> Answer, isOfOne: (Failure) -> Bool,
    alone: (Question, Failure) -> Answer
) async throws -> [Answer] {
    do {
        return [try await ask(questions)]
    } catch let error as Failure where isOfOne(error) {
        guard questions.count > 1 else { return questions.map { alone($0, error) } }
        let middle = questions.count / 2
        let first = try await askingInHalves(Array(questions[..<middle]), ask, isOfOne: isOfOne, alone: alone)
        return first + (try await askingInHalves(Array(questions[middle...]), ask, isOfOne: isOfOne, alone: alone))
    }
}
