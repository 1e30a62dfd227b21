package dev.muster.app.model

import dev.muster.sdk.FindingState
import dev.muster.sdk.Tone

/** A finding as it is shown. All of its texts come from the agent. */
internal data class FindingCard(
    /** The finding's id. */
    val id: String,
    /** One line. */
    val title: String,
    /** What is wrong, what to do, why, and what follows and when. */
    val explanation: String,
    /** How severe it is. */
    val tone: Tone,
    /** Its button, where there is something to be done. */
    val button: Button?,
) {
    /** What helps. */
    data class Button(
        /** What stands on it. */
        val label: String,
        /** What is read out. */
        val spoken: String,
        /** Where it leads. */
        val way: Way,
    )

    constructor(finding: FindingState) : this(
        id = finding.id,
        title = finding.title,
        explanation = finding.explanation,
        tone = finding.tone,
        button = finding.button?.let { Button(it.label, it.spoken, Way.of(it.target)) },
    )
}
