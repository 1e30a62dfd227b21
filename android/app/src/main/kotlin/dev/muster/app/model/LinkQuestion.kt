package dev.muster.app.model

import dev.muster.sdk.LinkVerdict
import dev.muster.sdk.RefusedLink
import dev.muster.sdk.UsableLink

/** An activation link that was opened. It never acts by itself: the person sees where it leads, and says yes or no. */
internal data class LinkQuestion(
    /** The whole link. */
    val url: String,
    /** What is asked; null where it can't be used. */
    val title: String?,
    /** What follows, or what is the matter. */
    val text: String,
    /** Whether the person can say yes. */
    val canBeAccepted: Boolean,
) {
    companion object {
        fun of(url: String, verdict: LinkVerdict) = when (verdict) {
            is UsableLink -> verdict.preview.let { LinkQuestion(url, it.title, it.text, !it.alreadyActive) }
            is RefusedLink -> LinkQuestion(url, null, "${verdict.words.text} ${verdict.words.next}", false)
        }
    }
}
