import Orchestrator

/// What is printed of an error.
enum ErrorText {
    static let interrupted = "interrupted: what was done is kept, and the same command goes on from here"

    static func of(_ error: any Error, style: Style) -> String {
        if error is Declined { return "\(error)" }
        if error is CancellationError { return interrupted }
        var text = "\(error)"
        if let differs = error as? ParityDiffers { text += "\n\n" + differs.report.text(style) }
        if let differs = error as? RecheckRefuses { text += "\n\n" + differs.report.text(style) }
        // A manifest's diagnostics name file and line first, as a compiler's do.
        let firstLine = text.prefix { $0 != "\n" }
        return firstLine.contains(" error: ") ? text : style.red("error:") + " " + text
    }

    /// An interrupted command's error is mostly the interruption itself; how a handover ended is news.
    static func afterInterruption(_ error: any Error) -> String? {
        error is HandoverAborted || error is RecheckRefuses || error is HandoverUnsettled ? "\(error)\n\(interrupted)" : interrupted
    }
}
