package dev.muster.app.model

import dev.muster.sdk.Contact
import dev.muster.sdk.Evidence
import dev.muster.sdk.LinkVerdict
import dev.muster.sdk.MusterState
import dev.muster.sdk.SearchHit

/** What the screen needs of the agent. `Muster` is one; tests bring their own. All but the first four throw `MusterException`. */
internal interface AgentAccess {
    /** The state as it is now. */
    val state: MusterState

    /** Tells `listener` of each new state, on the screen's thread, until [unwatch]. */
    fun watch(listener: (MusterState) -> Unit)

    /** Tells nobody any more. */
    fun unwatch()

    /** The screen is seen. */
    fun onForeground()

    /** The person wants everything brought up to date. */
    fun checkNow()

    /** The person typed evidence. */
    fun activate(evidence: Evidence, serverUrl: String?)

    /** The person agreed to a link. */
    fun acceptLink(url: String)

    /** What an activation link says. */
    fun previewLink(url: String): LinkVerdict

    /** The best 50 people for what was typed. */
    fun search(typed: String): List<SearchHit>

    /** One contact. */
    fun contact(id: String): Contact

    /** The bytes of a contact's photo. */
    fun photo(id: String): ByteArray
}
