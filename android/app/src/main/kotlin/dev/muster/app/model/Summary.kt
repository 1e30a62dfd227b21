package dev.muster.app.model

import dev.muster.sdk.MusterState
import dev.muster.sdk.StatusLine
import dev.muster.sdk.StatusLineKind
import dev.muster.sdk.Tone

/** How the phone stands, in words. */
internal data class Summary(
    /** The organisation, or the app. */
    val headline: String,
    /** The one thing to know; empty where there is no agent. */
    val state: String,
    /** How good that is. */
    val tone: Tone,
    /** What else there is to know, line by line. */
    val detail: String,
) {
    companion object {
        /** All words come from the agent; the phone writes moments its own way. */
        fun of(state: MusterState, wording: Wording): Summary {
            val (short, long) = state.lines.partition { it.kind in ON_ONE_LINE }
            val lines = listOf(short.joinToString(" · ") { it.text }) + long.map { line(it, wording) }
            return Summary(
                headline = state.organization?.name ?: wording.appName,
                state = state.headline.text,
                tone = state.headline.tone,
                detail = lines.filter { it.isNotBlank() }.joinToString("\n"),
            )
        }

        /** There is no agent: nothing is known but why. */
        fun stopped(why: String, wording: Wording) = Summary(wording.appName, "", Tone.NEUTRAL, why)

        private fun line(line: StatusLine, wording: Wording): String {
            val moment = line.moment ?: return line.text
            return wording.moment(moment)?.let { line.text.replace("{moment}", it) }.orEmpty()
        }

        private val ON_ONE_LINE = setOf(StatusLineKind.PHASE, StatusLineKind.PEOPLE)
    }
}
