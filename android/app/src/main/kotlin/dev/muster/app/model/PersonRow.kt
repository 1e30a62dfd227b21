package dev.muster.app.model

import dev.muster.sdk.MatchedField
import dev.muster.sdk.SearchHit

/** A text, and the stretches of it that matched. */
internal data class Marked(val text: String, val stretches: List<Stretch>)

/** Somebody who was found, as one line of a list. */
internal data class PersonRow(
    /** The contact's id. */
    val id: String,
    /** The name. */
    val name: Marked,
    /** Position and organisation. */
    val about: Marked,
    /** What matched, where the line does not show it. */
    val reason: String?,
) {
    /** What is read out. */
    val spoken = listOfNotNull(name.text, about.text, reason).filter { it.isNotEmpty() }.joinToString(", ")

    companion object {
        fun of(hit: SearchHit, wording: Wording, characters: Characters) = PersonRow(
            id = hit.id,
            name = Marked(hit.name, Highlights.of(hit.name, hit.matched, MatchedField.NAME, characters)),
            about = about(hit, characters),
            reason = reason(hit)?.let(wording::text),
        )

        private fun about(hit: SearchHit, characters: Characters): Marked {
            val text = StringBuilder()
            val stretches = mutableListOf<Stretch>()
            for ((part, field) in listOf(hit.title to MatchedField.TITLE, hit.organization to MatchedField.ORGANIZATION)) {
                if (part.isNullOrEmpty()) continue
                if (text.isNotEmpty()) text.append(", ")
                stretches += Highlights.of(part, hit.matched, field, characters).map { it.moved(text.length) }
                text.append(part)
            }
            return Marked(text.toString(), stretches)
        }

        private fun reason(hit: SearchHit): Phrase? {
            val fields = hit.matched.map { it.field }.toSet()
            return when {
                fields.any { it in SHOWN } -> null
                MatchedField.EMAILS in fields -> Phrase.MATCHED_EMAIL
                MatchedField.PHONES in fields -> Phrase.MATCHED_PHONE
                MatchedField.DEPARTMENT in fields -> Phrase.MATCHED_DEPARTMENT
                else -> null
            }
        }

        private val SHOWN = setOf(MatchedField.NAME, MatchedField.TITLE, MatchedField.ORGANIZATION)
    }
}
