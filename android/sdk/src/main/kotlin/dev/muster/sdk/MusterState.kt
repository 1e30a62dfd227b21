package dev.muster.sdk

import dev.muster.ffi.Finding
import dev.muster.ffi.MusterAgent
import dev.muster.ffi.MusterException
import dev.muster.ffi.Problem
import dev.muster.ffi.Status
import dev.muster.ffi.Words

/** The agent as it was a moment ago, whole and unchanging: draw a screen from it. */
data class MusterState(
    /** Whether the keys are there. Before that, nothing else is meaningful. */
    val isReady: Boolean,
    /** The state in short. */
    val status: Status,
    /** What is wrong with the phone, the gravest first. */
    val findings: List<Finding>,
    /** What failed and was not mended since. */
    val problems: List<Problem>,
    /** Why contacts can't be read now, for the person. */
    val whyHidden: Words,
    /** The language that people are spoken to in: `en`, `de` or `sv`. */
    val language: String,
    /** Contacts received since the agent was opened, for a progress display. */
    val received: Long,
    /** Every setting as JSON: see `MusterAgent.configJson`. */
    val configJson: String,
    /** Why the agent ended, if it did. After `Broken`, close this [Muster] and open it anew. */
    val ended: MusterException? = null,
) {
    /** Without names of people: apps write states into their logs. */
    override fun toString() = "MusterState(${status.licence.phase}, ready=$isReady, contacts=${status.contacts.count}, " +
        "synced=${status.contacts.lastSync}, findings=${findings.map { it.id }}, problems=${problems.map { it.code }}, ended=$ended)"

    internal companion object {
        fun of(agent: MusterAgent) = MusterState(
            isReady = agent.isReady(),
            status = agent.status(),
            findings = agent.findings(),
            problems = agent.problems(),
            whyHidden = agent.whyHidden(),
            language = agent.language(),
            received = agent.contactsReceived(),
            configJson = agent.configJson(),
        )
    }
}

/** Told of a new [MusterState], on the main thread. */
fun interface MusterListener {
    /** The state is `state` now. */
    fun onState(state: MusterState)
}
