package dev.muster.app.model

import dev.muster.ffi.brokenState
import dev.muster.sdk.FullException
import dev.muster.sdk.Headline
import dev.muster.sdk.LicencePhase
import dev.muster.sdk.LinkPreview
import dev.muster.sdk.RefusedLink
import dev.muster.sdk.StatusLineKind
import dev.muster.sdk.Tone
import dev.muster.sdk.UsableLink
import dev.muster.sdk.Words
import org.junit.Assert.assertArrayEquals
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Test

/** What stands on the screen, without a screen and without Android. */
class ScreenModelTest {
    private val agent = FakeAgent()
    private val worker = Later()
    private val screen = Later()
    private var opens: () -> Result<AgentAccess> = { Result.success(agent) }
    private var drawn = 0
    private val model = ScreenModel(PlainWording, Made.letters, worker, screen, { opens() }, { drawn++ })

    private fun settle() {
        worker.runs()
        screen.runs()
    }

    @Test
    fun aPhoneOnWhichAllIsWell() {
        model.connect()
        assertEquals(Summary("Contoso", "This phone meets the rules", Tone.GOOD, "Active · 2,000 people"), model.summary)
        assertTrue(model.canSearch && model.wantsNotifications && !model.canActivate && !model.hidesFromPictures)
        assertEquals("CHECK_NOW" to "CHECK_NOW_SPOKEN", model.button to model.buttonSpoken)
        assertNull(model.support)
        assertEquals(listOf("foreground"), agent.asked)
        assertTrue(drawn > 0)
        model.press()
        assertEquals("check now", agent.asked.last())
    }

    @Test
    fun linesStandOneBelowTheOther_andMomentsAreThePhones() {
        val lines = listOf(
            Made.line(StatusLineKind.PHASE, "Active"),
            Made.line(StatusLineKind.SERVER, "Server: mdm.contoso.example"),
            Made.line(StatusLineKind.PEOPLE, "1 person"),
            Made.line(StatusLineKind.UP_TO_DATE, "Up to date: {moment}", "2026-03-01T08:30:00Z"),
            Made.line(StatusLineKind.UP_TO_DATE, "Up to date: {moment}", "soon"),
            Made.line(StatusLineKind.PROBLEM, "No room. Delete something."),
        )
        val detail = Summary.of(Made.state(lines = lines), PlainWording).detail
        val wanted = listOf("Active · 1 person", "Server: mdm.contoso.example", "Up to date: a moment ago", "No room. Delete something.")
        assertEquals(wanted, detail.lines())
    }

    @Test
    fun withoutKeysNothingIsOffered() {
        agent.state = Made.state(isReady = false, headline = Headline("Starting…", Tone.NEUTRAL), lines = emptyList())
        model.connect()
        assertEquals("Starting…", model.summary.state)
        assertTrue(!model.canSearch && !model.wantsNotifications && model.support == null)
    }

    @Test
    fun whereContactsAreHiddenTheSupportIsOffered() {
        val hidden = Made.state(readable = false, support = listOf(Made.page))
        agent.state = hidden
        model.connect()
        assertEquals(Way.Open("https://it.contoso.example/"), model.support)
        assertFalse(model.canSearch)
        agent.says(hidden.copy(support = emptyList()))
        assertNull(model.support)
        agent.says(Made.state(support = listOf(Made.page)))
        assertNull("nobody needs it now", model.support)
    }

    @Test
    fun aPersonCanActivateWhenTheAgentSaysSo() {
        agent.state = Made.state(phase = LicencePhase.UNLICENSED, canActivate = true, readable = false)
        model.connect()
        assertTrue(model.canActivate && !model.wantsNotifications)
        model.activate(" ", "  ")
        model.activate("", " ABCD ")
        model.activate(" https://mdm.contoso.example ", "EFGH")
        assertEquals(listOf("foreground", "activate ABCD at null", "activate EFGH at https://mdm.contoso.example"), agent.asked)
    }

    @Test
    fun aSettingHidesTheScreenFromPicturesAndShowsItAgain() {
        model.connect()
        agent.says(Made.state(blocksPictures = true))
        assertTrue(model.hidesFromPictures)
        agent.says(Made.state())
        assertFalse(model.hidesFromPictures)
    }

    @Test
    fun aBrokenAgentIsSaidAndOpenedAgain() {
        agent.people = mapOf("id-Anna" to Made.contact("Anna"))
        model.connect()
        model.type("anna")
        settle()
        assertEquals(1, model.rows.size)
        model.showPerson("id-Anna")
        settle()

        agent.says(brokenState("en"))
        assertEquals(ScreenModel.Stage.STOPPED, model.stage)
        assertEquals("App" to "", model.summary.headline to model.summary.state)
        assertTrue(model.summary.detail, model.summary.detail.startsWith("Muster met an error"))
        assertTrue(model.rows.isEmpty() && model.findings.isEmpty() && model.sheet == null && !model.canSearch && !model.canActivate)
        assertEquals("OPEN_AGAIN" to "OPEN_AGAIN", model.button to model.buttonSpoken)

        val next = FakeAgent()
        opens = { Result.success(next) }
        model.press()
        assertEquals(ScreenModel.Stage.OPEN, model.stage)
        assertTrue(next.isWatched && !agent.isWatched)
    }

    @Test
    fun anAgentThatCanNotBeOpenedIsExplainedAndTriedAgain() {
        opens = { Result.failure(FullException("full")) }
        model.connect()
        val why = "There is no room left on the phone. Delete something that you don't need. It goes on by itself then."
        assertEquals(why, model.summary.detail)
        opens = { Result.success(agent) }
        model.press()
        assertEquals("Contoso", model.summary.headline)
    }

    @Test
    fun aScreenThatIsNotSeenHearsNothing() {
        model.connect()
        model.disconnect()
        agent.says(Made.state(blocksPictures = true))
        assertFalse(model.hidesFromPictures)
        model.connect()
        assertTrue(model.hidesFromPictures)
    }

    @Test
    fun peopleAreFoundAsOneTypes_andTheLastQuestionCounts() {
        agent.people = listOf("Anna", "Annabel", "Ben").associate { "id-$it" to Made.contact(it) }
        model.connect()
        model.type("anna")
        model.type("annab")
        settle()
        assertEquals(listOf("Annabel"), model.rows.map { it.name.text })
        assertNull(model.notice)
        model.type("nobody")
        settle()
        assertEquals("NOBODY_FOUND", model.notice)
        model.type("  ")
        assertTrue("at once, without asking", model.rows.isEmpty() && model.notice == null)
        assertEquals(listOf("foreground", "search anna", "search annab", "search nobody"), agent.asked)
    }

    @Test
    fun whatIsFoundFollowsTheContacts() {
        model.connect()
        model.type("ann")
        settle()
        assertEquals("NOBODY_FOUND", model.notice)
        agent.people = mapOf("id-Anna" to Made.contact("Anna"))
        agent.says(Made.state(count = 2_001))
        settle()
        assertEquals(1, model.rows.size)

        val before = agent.asked.size
        agent.says(Made.state(count = 2_001, blocksPictures = true))
        settle()
        assertEquals("nothing of it concerns people", before, agent.asked.size)

        model.type("anna")
        agent.says(Made.state(count = 2_001, readable = false))
        settle()
        assertTrue("an answer that came too late", model.rows.isEmpty() && model.notice == null)
    }

    @Test
    fun aCardIsShownAndGoesWithTheContacts() {
        agent.people = mapOf("id-Anna" to Made.contact("Anna", photo = true))
        model.connect()
        model.showPerson("id-Anna")
        settle()
        val card = (model.sheet as ScreenModel.Sheet.Person).card
        assertEquals("Anna" to "Nurse, Contoso", card.name to card.about)
        assertArrayEquals(byteArrayOf(1, 2, 3), card.photo)
        val (call, fax, mail) = card.ways
        assertEquals(PersonCard.Reach("Mobile", "0170 123", "Mobile: CALL 0170 123", Way.Open("tel:+49170123")), call)
        assertEquals(PersonCard.Reach("Fax", "089 99", "Fax: 089 99", null), fax)
        assertEquals("E-mail: WRITE Anna@contoso.example" to Way.Open("mailto:Anna@contoso.example"), mail.spoken to mail.way)

        agent.says(Made.state(readable = false))
        assertNull(model.sheet)
        model.showPerson("id-Anna")
        settle()
        assertNull("hidden meanwhile", model.sheet)
    }

    @Test
    fun somebodyWhoIsGoneIsNotShown() {
        model.connect()
        model.showPerson("id-Nobody")
        settle()
        assertNull(model.sheet)
    }

    @Test
    fun aLinkWaitsForTheAgentAndForThePerson() {
        val link = "https://link.muster.dev/a#x"
        model.openLink(link)
        assertEquals(link to null, model.link to model.sheet)
        agent.verdict = UsableLink(LinkPreview("mdm.contoso.example", false, "Activate?", "From there."))
        model.connect()
        assertEquals(LinkQuestion(link, "Activate?", "From there.", true), (model.sheet as ScreenModel.Sheet.Link).question)
        model.acceptLink()
        assertEquals("accept $link", agent.asked.last())
        assertTrue(model.sheet == null && model.link == null)

        model.openLink(link)
        model.close()
        model.connect()
        assertTrue("asked once", model.sheet == null && agent.asked.last() == "foreground")
    }

    @Test
    fun aLinkThatIsOfNoUseCanNotBeAccepted() {
        model.connect()
        agent.verdict = UsableLink(LinkPreview("mdm.contoso.example", true, "Activate?", "Not needed."))
        model.openLink("https://link.muster.dev/a#x")
        assertFalse((model.sheet as ScreenModel.Sheet.Link).question.canBeAccepted)
        model.acceptLink()
        agent.verdict = RefusedLink(Words("Not right.", "Ask."))
        val url = "https://link.muster.dev/a#y"
        model.openLink(url)
        assertEquals(LinkQuestion(url, null, "Not right. Ask.", false), (model.sheet as ScreenModel.Sheet.Link).question)
        assertEquals(listOf("foreground"), agent.asked)
    }
}
