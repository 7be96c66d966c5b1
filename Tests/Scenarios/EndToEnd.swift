import Testing

/// What users do, end to end: the tool as they run it, in processes of its own, against a local cloud that each scenario has for itself.
///
/// One after the other: a scenario keeps two cores busy, and a handover's deadline is real time.
@Suite(.serialized) struct EndToEnd {}
