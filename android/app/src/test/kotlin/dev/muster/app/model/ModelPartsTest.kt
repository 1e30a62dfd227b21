package dev.muster.app.model

import dev.muster.sdk.ButtonTarget
import dev.muster.sdk.FindingButton
import dev.muster.sdk.FindingSeverity
import dev.muster.sdk.FindingState
import dev.muster.sdk.MatchedField
import dev.muster.sdk.MendAction
import dev.muster.sdk.PageTarget
import dev.muster.sdk.PhoneTarget
import dev.muster.sdk.SignInTarget
import dev.muster.sdk.SupportTarget
import dev.muster.sdk.Tone
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Test
import java.io.File

/** The parts of the screen's model, each by itself. */
class ModelPartsTest {
    @Test
    fun aButtonLeadsWhereTheAgentSays() {
        val ways = mapOf(
            PageTarget("https://store.example/") to Way.Open("https://store.example/"),
            SupportTarget(Made.page) to Way.Open("https://it.contoso.example/"),
            PhoneTarget(MendAction.OPEN_SECURITY_SETTINGS) to Way.Place(MendAction.OPEN_SECURITY_SETTINGS),
            SignInTarget to Way.SignIn,
        )
        for ((target, way) in ways) {
            val card = FindingCard(finding(target))
            assertEquals(FindingCard.Button("Set", "Set: No passcode", way), card.button)
            assertEquals("No passcode" to Tone.BAD, card.title to card.tone)
        }
        assertNull(FindingCard(finding(null)).button)
    }

    private fun finding(target: ButtonTarget?) = FindingState(
        id = "lock",
        severity = FindingSeverity.REQUIRE,
        tone = Tone.BAD,
        title = "No passcode",
        explanation = "Set one.",
        button = target?.let { FindingButton("Set", "Set: No passcode", it) },
        since = "2026-03-01T08:30:00Z",
        due = null,
        dueWords = null,
        rules = listOf("require_screen_lock"),
    )

    @Test
    fun aRowSaysWhatMatchedWhereItDoesNotShowIt() {
        fun row(vararg fields: MatchedField) = PersonRow.of(Made.hit(Made.contact("Anna"), *fields), PlainWording, Made.letters)
        assertEquals(listOf(Stretch(0, 2)), row(MatchedField.NAME).name.stretches)
        assertEquals(listOf(Stretch(0, 2), Stretch(7, 9)), row(MatchedField.TITLE, MatchedField.ORGANIZATION).about.stretches)
        assertNull(row(MatchedField.NAME, MatchedField.EMAILS).reason)
        assertEquals("MATCHED_EMAIL", row(MatchedField.EMAILS, MatchedField.PHONES).reason)
        assertEquals("MATCHED_PHONE", row(MatchedField.PHONES).reason)
        assertEquals("MATCHED_DEPARTMENT", row(MatchedField.DEPARTMENT).reason)
        assertEquals("Anna, Nurse, Contoso, MATCHED_DEPARTMENT", row(MatchedField.DEPARTMENT).spoken)
    }

    @Test
    fun theModelKnowsNoAndroid() {
        val folder = File(System.getProperty("muster.android")!!, "app/src/main/kotlin/dev/muster/app/model")
        val sources = folder.listFiles()!!.toList()
        assertTrue("${sources.size}", sources.size >= 8)
        val offences = sources.filter { file -> isOfAndroid(file.readText()) }
        assertEquals(emptyList<File>(), offences)
        assertTrue(isOfAndroid("import android.content.Context\n") && isOfAndroid("text(R.string.close)"))
    }

    private fun isOfAndroid(source: String) = Regex("\\bandroidx?\\.|\\bR\\.[a-z]").containsMatchIn(source)
}
