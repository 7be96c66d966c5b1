/// The names of activities, then and now.
enum Activities {
    /// One slip of the pen, and the one activity that had no number.
    static let renamed = [
        "T18 Adjust report Y to stop indicition": "T18 Adjust report Y to stop indication",
        "Confirmation of receipt": "T01 Confirmation of receipt",
    ]

    /// Drafts of internal advice were an activity for each aspect; they are one, that says which aspect. By what they were called.
    static let drafts = [
        "T07-1 Draft intern advice aspect 1": "1",
        "T07-2 Draft intern advice aspect 2": "2",
        "T07-3 Draft intern advice hold for aspect 3": "3",
        "T07-4 Draft internal advice to hold for type 4": "4",
        "T07-5 Draft intern advice aspect 5": "5",
    ]
    static let draft = "T07 Draft internal advice"
    static let aspect = "advice:aspect"

    /// What an activity of the earlier release is called now.
    static func current(_ name: String) -> String { renamed[name] ?? (drafts[name] == nil ? name : draft) }
}
