package dev.muster.app

import android.view.View
import android.widget.TextView
import dev.muster.sdk.Tone

/** The colour of a tone. */
internal fun color(tone: Tone) = when (tone) {
    Tone.NEUTRAL -> R.color.text
    Tone.GOOD -> R.color.good
    Tone.WARNING -> R.color.warn
    Tone.BAD -> R.color.bad
}

/** Shows `words`; where there are none, leaves no gap. */
internal fun TextView.showOrHide(words: CharSequence?) {
    text = words
    visibility = if (words.isNullOrEmpty()) View.GONE else View.VISIBLE
}

internal fun View.showIf(yes: Boolean) {
    visibility = if (yes) View.VISIBLE else View.GONE
}
