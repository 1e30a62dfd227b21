package dev.muster.app

import dev.muster.app.model.AgentAccess
import dev.muster.sdk.Evidence
import dev.muster.sdk.Muster
import dev.muster.sdk.MusterListener
import dev.muster.sdk.MusterState

/** The agent, as the screen's model asks it. */
internal class MusterAccess(private val muster: Muster) : AgentAccess {
    private var listener: MusterListener? = null

    override val state get() = muster.state

    override fun watch(listener: (MusterState) -> Unit) {
        unwatch()
        this.listener = MusterListener(listener).also(muster::addListener)
    }

    override fun unwatch() {
        listener?.let(muster::removeListener)
        listener = null
    }

    override fun onForeground() = muster.onForeground()

    override fun checkNow() = muster.checkNow()

    override fun activate(evidence: Evidence, serverUrl: String?) = muster.activate(evidence, serverUrl)

    override fun acceptLink(url: String) = muster.acceptLink(url)

    override fun previewLink(url: String) = muster.previewLink(url)

    override fun search(typed: String) = muster.directory.search(typed)

    override fun contact(id: String) = muster.directory.contact(id)

    override fun photo(id: String) = muster.directory.photo(id)
}
