package dev.muster.app

import android.Manifest
import android.app.AlertDialog
import android.app.KeyguardManager
import android.content.Intent
import android.graphics.Typeface
import android.net.Uri
import android.os.Bundle
import android.text.Spanned
import android.text.style.StyleSpan
import android.view.View
import android.view.WindowManager
import android.widget.Button
import android.widget.TextView
import dev.muster.sdk.Muster
import dev.muster.sdk.People
import dev.muster.sdk.PhoneRunner
import dev.muster.sdk.Surroundings
import dev.muster.sdk.bundleOf
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config
import org.robolectric.shadows.ShadowDialog

/** What people and admins do to the screen. */
@RunWith(PhoneRunner::class)
@Config(application = TestApplication::class)
class ScreenStoryTest : ScreenBench() {
    private fun isSecure(window: android.view.Window) = window.attributes.flags and WindowManager.LayoutParams.FLAG_SECURE != 0

    @Test
    fun aBroadcastOfChangedRestrictionsChangesTheScreen() {
        val company = Surroundings.admin.found("screen", "Nordlicht GmbH").hires(People.csv(200))
        opened()
        until("not activated") { isNotActivated() }
        assertTrue(isShown(R.id.activation))
        assertFalse(isShown(R.id.search))

        configured(bundleOf(*company.waysIn, "require_screen_lock" to true, "block_screenshots" to true))
        until("the company's name") { text(R.id.organization) == "Nordlicht GmbH" }
        until("200 people") { "200" in text(R.id.detail) && isShown(R.id.search) }
        assertFalse(isShown(R.id.activation))
        assertTrue(isSecure(screen.window))

        until("a finding") { findings().childCount == 1 }
        findings().getChildAt(0).findViewById<Button>(R.id.mend).performClick()
        assertEquals("android.app.action.SET_NEW_PASSWORD", shadowOf(screen).nextStartedActivity.action)

        shadowOf(app.getSystemService(KeyguardManager::class.java)).setIsDeviceSecure(true)
        controller.pause().stop().restart().start().resume()
        until("mended") { findings().childCount == 0 }
        until("compliant") { text(R.id.state) == "This phone meets the rules".inScreensWords() }
    }

    @Test
    fun aSettingThatIsTakenAwayIsNotInForceAnyMore() {
        val company = Surroundings.admin.found("away", "Nordlicht GmbH").hires(People.csv(3))
        opened()
        configured(bundleOf(*company.waysIn, "block_screenshots" to true))
        until("no pictures") { isSecure(screen.window) }
        configured(bundleOf(*company.waysIn))
        until("pictures again") { !isSecure(screen.window) }
    }

    @Test
    fun peopleAreFoundAsOneTypes() {
        val company = Surroundings.admin.found("typing", "Nordlicht GmbH").hires(People.csv(200))
        opened()
        configured(bundleOf(*company.waysIn, "block_screenshots" to true))
        until("200 people") { "200" in text(R.id.detail) && isShown(R.id.search) }
        type("mull anna")
        until("results") { results().childCount > 0 }
        val first = results().getChildAt(0)
        val name = first.findViewById<TextView>(R.id.name).text as Spanned
        assertEquals("Anna Müller", name.toString())
        val bold = name.getSpans(0, name.length, StyleSpan::class.java).filter { it.style == Typeface.BOLD }
        assertEquals(listOf("Anna", "Müll"), bold.map { name.substring(name.getSpanStart(it), name.getSpanEnd(it)) })

        first.performClick()
        until("a card") { dialog()?.isShowing == true }
        val card = dialog()!!
        assertTrue("no picture of a card either", isSecure(card.window!!))
        val said = texts(card.window!!.decorView)
        assertTrue("$said", listOf("Anna Müller", "Person 0, Nordlicht GmbH", People.phone(0), "Sales", People.email(0)).all { it in said })
        val call = all(card.window!!.decorView).first { it.isClickable && People.phone(0) in (it.contentDescription ?: "") }
        call.performClick()
        assertEquals(Intent.ACTION_DIAL, shadowOf(screen).nextStartedActivity.action)

        type("nobody has this name")
        until("nobody") { text(R.id.notice) == app.getString(R.string.nobody_found) }
        type("")
        until("empty") { results().childCount == 0 && !isShown(R.id.notice) }
    }

    @Test
    fun whatIsHiddenIsHiddenAtOnce() {
        val company = Surroundings.admin.found("hiding", "Nordlicht GmbH").hires(People.csv(20))
        opened()
        configured(bundleOf(*company.waysIn))
        until("20 people") { "20" in text(R.id.detail) && isShown(R.id.search) }
        type("anna")
        until("results") { results().childCount > 0 }
        results().getChildAt(0).performClick()
        until("a card") { dialog()?.isShowing == true }

        company.locks(company.devices().getJSONObject(0).getString("device"), "Please call.")
        screen.findViewById<View>(R.id.check_now).performClick()
        until("locked") { !isShown(R.id.search) && "Please call." in text(R.id.detail) }
        until("nobody to be seen") { results().childCount == 0 && !dialog()!!.isShowing }
    }

    @Test
    fun aBrokenAgentIsSaidAndOpenedAgain() {
        opened()
        until("ready") { Muster.running()?.state?.isReady == true }
        until("not activated") { isShown(R.id.activation) }
        Muster.running()!!.breakForTest()
        until("said") { text(R.id.detail) == "Muster met an error and has stopped. Nothing on the phone is lost.".inScreensWords() }
        assertFalse(isShown(R.id.activation))
        screen.findViewById<Button>(R.id.check_now).performClick()
        until("opened again") { isNotActivated() }
    }

    @Test
    fun aLinkIsAskedAboutUntilItIsAnsweredAndThenNeverAgain() {
        val link = Intent(Intent.ACTION_VIEW, Uri.parse("https://link.muster.dev/a#v=1&s=muster.example&c=$CODE"))
        opened(link)
        until("asked") { question("muster.example") }

        // Turned round meanwhile: asked again.
        ShadowDialog.reset()
        restored(link)
        until("asked again") { question("muster.example") }
        dialog()!!.getButton(AlertDialog.BUTTON_NEGATIVE).performClick()
        until("refused") { !dialog()!!.isShowing }

        ShadowDialog.reset()
        restored(link)
        until("not activated") { isNotActivated() }
        assertNull(dialog())
    }

    @Test
    fun aLinkOfLongAgoIsNotAskedAbout() {
        val link = Intent(Intent.ACTION_VIEW, Uri.parse("https://link.muster.dev/a#v=1&s=muster.example&c=$CODE"))
        opened(link.addFlags(Intent.FLAG_ACTIVITY_LAUNCHED_FROM_HISTORY))
        until("not activated") { isNotActivated() }
        assertNull(dialog())
    }

    @Test
    fun aLinkThatCanNotBeUsedIsExplained() {
        opened()
        until("not activated") { isNotActivated() }
        controller.newIntent(Intent(Intent.ACTION_VIEW, Uri.parse("https://link.muster.dev/a#nonsense")))
        until("explained") { dialog()?.isShowing == true }
        assertFalse(question("Activate with"))
        dialog()!!.getButton(AlertDialog.BUTTON_POSITIVE).performClick()
        until("closed") { !dialog()!!.isShowing }
    }

    @Test
    fun notificationsAreAskedForOnceThereIsSomethingToSay() {
        val company = Surroundings.admin.found("notify", "Nordlicht GmbH").hires(People.csv(3))
        opened()
        until("not activated") { isNotActivated() }
        assertNull(shadowOf(screen).lastRequestedPermission)
        configured(bundleOf(*company.waysIn))
        until("asked") { shadowOf(screen).lastRequestedPermission != null }
        assertEquals(listOf(Manifest.permission.POST_NOTIFICATIONS), shadowOf(screen).lastRequestedPermission.requestedPermissions.toList())
    }

    private fun question(words: String): Boolean {
        val open = dialog()?.takeIf { it.isShowing } ?: return false
        return texts(open.window!!.decorView).any { words in it }
    }

    /** As the system restores a screen: the same intent, and what was saved. */
    private fun restored(intent: Intent) {
        val saved = Bundle()
        controller.pause().stop().saveInstanceState(saved).destroy()
        controller = Robolectric.buildActivity(MainActivity::class.java, intent).setup(saved)
    }

    private companion object {
        const val CODE = "AAAAAAAAAAAAAAAAAAAAAA"
    }
}
