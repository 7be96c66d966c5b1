/// Something that must not be: it ends the drill.
struct Finding: Error, Sendable, CustomStringConvertible {
    /// In words, with the figures.
    var what: String

    init(_ what: String) { self.what = what }

    var description: String { what }
}
