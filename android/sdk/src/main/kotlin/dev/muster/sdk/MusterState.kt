package dev.muster.sdk

import dev.muster.ffi.AgentState
import dev.muster.ffi.brokenState
import dev.muster.ffi.startingState

/**
 * The agent as it was a moment ago, whole and unchanging: draw a screen from it. All words in it are
 * in `language`, and what it says of itself in a log names nobody.
 *
 * Before the agent was asked it is the one of an agent that starts; after the agent ended it
 * `isBroken`: close that [Muster] and open it anew.
 */
public typealias MusterState = AgentState

/** Told of a new [MusterState], on the main thread. */
public fun interface MusterListener {
    /** The state is `state` now. */
    public fun onState(state: MusterState)
}

/** The states that no agent tells. */
internal object States {
    fun starting(language: String): MusterState = startingState(language)

    fun broken(language: String): MusterState = brokenState(language)
}
