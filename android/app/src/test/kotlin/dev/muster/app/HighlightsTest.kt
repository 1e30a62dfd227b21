package dev.muster.app

import dev.muster.app.model.Highlights
import dev.muster.app.model.Marked
import dev.muster.app.model.PersonRow
import dev.muster.app.model.PlainWording
import dev.muster.sdk.MatchedField
import dev.muster.sdk.MatchedRange
import dev.muster.sdk.PhoneRunner
import dev.muster.sdk.SearchHit
import dev.muster.sdk.objects
import dev.muster.sdk.strings
import dev.muster.sdk.vectors
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith

/** What is marked in a line of the search. */
@RunWith(PhoneRunner::class)
class HighlightsTest {
    private fun match(field: MatchedField, start: Long, length: Long, index: Long? = null) = MatchedRange(field, index, start, length)

    private fun name(start: Long, length: Long) = match(MatchedField.NAME, start, length)

    private fun shown(text: String, vararg matched: MatchedRange) =
        show(Marked(text, Highlights.of(text, matched.toList(), MatchedField.NAME, PhoneCharacters)))

    /** With brackets around what is marked. */
    private fun show(marked: Marked): String {
        val text = StringBuilder(marked.text)
        for (stretch in marked.stretches.reversed()) text.insert(stretch.end, "]").insert(stretch.start, "[")
        return text.toString()
    }

    @Test
    fun matchesAreMarkedAndTheRestIsNot() {
        assertEquals("[An]na Muster", shown("Anna Muster", name(0, 2)))
        assertEquals("Anna [Muster]", shown("Anna Muster", name(5, 6)))
        assertEquals("[An]na [Mus]ter", shown("Anna Muster", name(5, 3), name(0, 2)))
        assertEquals("Anna", shown("Anna"))
        assertEquals("", shown("", name(0, 1)))
    }

    @Test
    fun overlappingMatchesAreOne() = assertEquals("[Annab]el", shown("Annabel", name(0, 3), name(2, 2), name(4, 1)))

    @Test
    fun otherFieldsAndOtherAddressesDoNotCount() =
        assertEquals("Anna", shown("Anna", match(MatchedField.TITLE, 0, 2), match(MatchedField.NAME, 0, 2, index = 0)))

    @Test
    fun offsetsAreScalarsAndCharactersStayWhole() {
        // e and a combining accent are two scalars and one character.
        assertEquals("[Zoe\u0308] Baur", shown("Zoe\u0308 Baur", name(0, 3)))
        assertEquals("Zoe\u0308 [Baur]", shown("Zoe\u0308 Baur", name(5, 4)))
        // One scalar, and two units of a Kotlin text.
        assertEquals("😀 [An]n", shown("😀 Ann", name(2, 2)))
        assertEquals("[😀] Ann", shown("😀 Ann", name(0, 1)))
        // A family is seven scalars and one character.
        assertEquals("👨‍👩‍👧‍👦 [Ann]", shown("👨‍👩‍👧‍👦 Ann", name(8, 3)))
        assertEquals("[👨‍👩‍👧‍👦] Ann", shown("👨‍👩‍👧‍👦 Ann", name(2, 1)))
    }

    @Test
    fun rangesThatReachTooFarDoNoHarm() {
        assertEquals("An[na]", shown("Anna", name(2, 99)))
        assertEquals("Anna", shown("Anna", name(9, 1)))
        assertEquals("Anna", shown("Anna", name(1, -4)))
    }

    /** What the core says of the vectors that all languages share, as this screen shows it. */
    @Test
    fun vectorsOfTheSearchAreShownWhole() {
        var checked = 0
        for (case in vectors("search/letters.json").getJSONArray("cases").objects()) {
            val matched = case.optJSONArray("matched") ?: continue
            for ((n, text) in case.getJSONArray("found").strings().withIndex()) {
                val ranges = matched.getJSONArray(n).objects().filter { it.getString("field") == "name" }
                    .map { name(it.getLong("start"), it.getLong("length")) }
                val marked = Highlights.of(text, ranges, MatchedField.NAME, PhoneCharacters)
                for (range in ranges) {
                    val start = text.offsetByCodePoints(0, range.start.toInt())
                    val end = text.offsetByCodePoints(start, range.length.toInt())
                    assertTrue("$text: $range not in $marked", marked.any { it.start <= start && end <= it.end })
                    checked++
                }
                val letters = marked.sumOf { text.codePointCount(it.start, it.end) }
                assertTrue("$text: more than matched: $marked", letters <= ranges.sumOf { it.length })
            }
        }
        assertTrue("$checked", checked > 5)
    }

    private fun row(hit: SearchHit) = PersonRow.of(hit, PlainWording, PhoneCharacters)

    private fun hit(vararg matched: MatchedRange) = row(SearchHit("1", "Anna", "Contoso", "Nurse", matched.toList()))

    @Test
    fun positionAndOrganisationAreMarkedInTheirLine() {
        assertEquals("[Nur]se, Contoso", show(hit(match(MatchedField.TITLE, 0, 3)).about))
        assertEquals("Nurse, [Con]toso", show(hit(match(MatchedField.ORGANIZATION, 0, 3)).about))
        val alone = row(SearchHit("1", "Anna", "Contoso", "", listOf(match(MatchedField.ORGANIZATION, 0, 3))))
        assertEquals("[Con]toso", show(alone.about))
        assertEquals("", row(SearchHit("1", "Anna", null, null, emptyList())).about.text)
    }

    @Test
    fun aLineSaysWhatMatchedWhereItDoesNotShowIt() {
        assertEquals("MATCHED_EMAIL", hit(match(MatchedField.EMAILS, 0, 3, index = 1)).reason)
        assertEquals("MATCHED_PHONE", hit(match(MatchedField.PHONES, 0, 3, index = 0)).reason)
        assertEquals("MATCHED_DEPARTMENT", hit(match(MatchedField.DEPARTMENT, 0, 3)).reason)
        assertNull(hit(name(0, 1), match(MatchedField.EMAILS, 0, 1, index = 0)).reason)
        assertNull(hit(match(MatchedField.TITLE, 0, 1)).reason)
        assertNull(hit().reason)
    }
}
