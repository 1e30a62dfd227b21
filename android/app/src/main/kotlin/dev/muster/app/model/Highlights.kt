package dev.muster.app.model

import dev.muster.sdk.MatchedField
import dev.muster.sdk.MatchedRange

/** A stretch of a text, in UTF-16 units as spans count them; `end` is behind it. */
internal data class Stretch(val start: Int, val end: Int) {
    fun moved(by: Int) = Stretch(start + by, end + by)
}

/** Finds what people take for one character each. The platform knows best. */
internal fun interface Characters {
    /** The characters of `text`, in order. */
    fun of(text: String): List<Stretch>
}

/** Where what was typed matched. */
internal object Highlights {
    /**
     * The stretches of `text` that show the matches of `field`, in order and apart from each other.
     *
     * The agent counts Unicode scalars, and what people see is made of characters: a character of
     * which a part matched is matched, so that no accent is torn from its letter.
     */
    fun of(text: String, matched: List<MatchedRange>, field: MatchedField, characters: Characters): List<Stretch> {
        val ranges = matched.filter { it.field == field && it.index == null && it.length > 0 }
        if (ranges.isEmpty()) return emptyList()
        val found = mutableListOf<Stretch>()
        var scalars = 0L
        for (character in characters.of(text)) {
            val after = scalars + text.codePointCount(character.start, character.end)
            if (ranges.any { it.start < after && scalars < it.start + it.length }) found.extend(character)
            scalars = after
        }
        return found
    }

    private fun MutableList<Stretch>.extend(next: Stretch) {
        val last = lastOrNull()
        if (last?.end == next.start) this[lastIndex] = Stretch(last.start, next.end) else add(next)
    }
}
