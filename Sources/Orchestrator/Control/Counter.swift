/// Counts what is done side by side.
actor Counter {
    private var count = 0

    /// Returns the sum.
    func add(_ more: Int) -> Int {
        count += more
        return count
    }
}
