/// How much of a body has arrived and is not used yet, and whether its sender is to be held up.
struct Backlog {
    /// So much may wait; from half of it on the sender goes on.
    let limit: Int
    private(set) var waiting = 0
    private(set) var isHeldUp = false

    init(limit: Int) { self.limit = limit }

    /// `bytes` have arrived. True if the sender is to be held up from now on.
    mutating func arrived(_ bytes: Int) -> Bool {
        waiting += bytes
        guard !isHeldUp && waiting > limit else { return false }
        isHeldUp = true
        return true
    }

    /// `bytes` were used. True if the sender is to go on.
    mutating func used(_ bytes: Int) -> Bool {
        waiting -= bytes
        guard isHeldUp && waiting <= limit / 2 else { return false }
        isHeldUp = false
        return true
    }
}
