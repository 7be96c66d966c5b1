import ArgumentParser
import Orchestrator

/// How the replay goes about it.
struct ReplayArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Copy with at most this many DynamoDB write units a second, over all workers. What projections write isn't counted.",
            valueName: "units"))
    var maxWriteUnits: Int?

    @Flag(
        help:
            "Set items of the live events table that are no events aside, with what follows them in their streams, instead of stopping there."
    )
    var quarantine = false

    func validate() throws {
        if let maxWriteUnits, maxWriteUnits < 1 { throw ValidationError("--max-write-units must be 1 or more") }
    }

    var options: ReplayOptions { ReplayOptions(maxWriteUnits: maxWriteUnits, quarantines: quarantine) }
}
