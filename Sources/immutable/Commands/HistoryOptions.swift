import ArgumentParser
import Orchestrator

/// The log that a new stack starts from.
struct HistoryOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Start a new stack from this log: CSV with a header, or JSON Lines.", valueName: "file"))
    var history: String?

    @Option(help: ArgumentHelp("The field of --history that names an event's stream.", valueName: "field"))
    var aggregate: String?

    @Option(help: ArgumentHelp("The field of --history that names an event's type.", valueName: "field"))
    var type: String?

    @Option(help: ArgumentHelp("The field of --history that says when an event happened.", valueName: "field"))
    var time: String?

    func validate() throws {
        let named = [aggregate, type, time].compactMap { $0 }.count
        if history == nil, named > 0 { throw ValidationError("--aggregate, --type and --time name fields of --history, which is missing") }
        if history != nil, named < 3 { throw ValidationError("--history needs --aggregate, --type and --time: which fields are these?") }
    }

    /// Looks at the file, so that what is wrong with it shows before anything else is done.
    func file() throws -> HistoryFile? {
        guard let history, let aggregate, let type, let time else { return nil }
        return try HistoryFile(path: history, fields: HistoryFields(aggregate: aggregate, type: type, time: time))
    }
}
