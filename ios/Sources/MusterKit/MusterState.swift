/// What the agent shows of itself, as one value that a screen can keep: every rule and every word of
/// it is the core's. `startingState` before the agent was asked, `brokenState` after its end.
public typealias MusterState = AgentState

extension MusterState {
    /// Milliseconds from `now` until the agent should be woken in the background.
    func wakeAfterMilliseconds(at now: Now) -> Int64 {
        // Without keys, or without an agent, nobody knows what is due: as soon as the system allows.
        wakeAfterMs(nextWorkMs: isReady ? nextWorkMs : now.elapsedMs, nowMs: now.elapsedMs)
    }
}
