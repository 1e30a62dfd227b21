package dev.muster.app

import dev.muster.ffi.MatchedField
import dev.muster.ffi.SearchHit

/** A text, and the stretches of it that matched. */
internal data class Marked(val text: String, val stretches: List<Stretch>)

/** Somebody who was found, as one line of a list. */
internal class PersonRow(hit: SearchHit) {
    /** The contact's id. */
    val id = hit.id

    /** The name. */
    val name = Marked(hit.name, Highlights.of(hit.name, hit.matched, MatchedField.NAME))

    /** Position and organisation. */
    val about = about(hit)

    /** What matched, where the line does not show it: the id of a text. */
    val reason: Int? = reason(hit)

    private fun about(hit: SearchHit): Marked {
        val text = StringBuilder()
        val stretches = mutableListOf<Stretch>()
        for ((part, field) in listOf(hit.title to MatchedField.TITLE, hit.organization to MatchedField.ORGANIZATION)) {
            if (part.isNullOrEmpty()) continue
            if (text.isNotEmpty()) text.append(", ")
            stretches += Highlights.of(part, hit.matched, field).map { it.moved(text.length) }
            text.append(part)
        }
        return Marked(text.toString(), stretches)
    }

    private fun reason(hit: SearchHit): Int? {
        val fields = hit.matched.map { it.field }.toSet()
        return when {
            fields.any { it in SHOWN } -> null
            MatchedField.EMAILS in fields -> R.string.matched_email
            MatchedField.PHONES in fields -> R.string.matched_phone
            MatchedField.DEPARTMENT in fields -> R.string.matched_department
            else -> null
        }
    }

    private companion object {
        val SHOWN = setOf(MatchedField.NAME, MatchedField.TITLE, MatchedField.ORGANIZATION)
    }
}
