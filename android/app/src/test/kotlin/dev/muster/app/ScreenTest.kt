package dev.muster.app

import android.content.Intent
import android.graphics.Bitmap
import android.graphics.Color
import android.util.Base64
import android.view.View
import android.widget.EditText
import android.widget.TextView
import dev.muster.app.model.Way
import dev.muster.sdk.MendAction
import dev.muster.sdk.People
import dev.muster.sdk.PhoneRunner
import dev.muster.sdk.Surroundings
import dev.muster.sdk.bundleOf
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNotNull
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config
import java.io.ByteArrayOutputStream
import java.io.File

/** The screen with its real resources, in three languages, light and dark, with large text. */
@RunWith(PhoneRunner::class)
@Config(application = TestApplication::class)
class ScreenTest : ScreenBench() {
    @Test
    @Config(qualifiers = "en-w411dp-h891dp-xhdpi")
    fun englishLight() = picture("en-light")

    @Test
    @Config(qualifiers = "en-w411dp-h891dp-night-xhdpi")
    fun englishDark() = picture("en-dark")

    @Test
    @Config(qualifiers = "de-w411dp-h891dp-xhdpi")
    fun germanLight() = picture("de-light")

    @Test
    @Config(qualifiers = "de-w411dp-h891dp-night-xhdpi")
    fun germanDark() = picture("de-dark")

    @Test
    @Config(qualifiers = "sv-w411dp-h891dp-xhdpi")
    fun swedishLight() = picture("sv-light")

    @Test
    @Config(qualifiers = "sv-w411dp-h891dp-night-xhdpi")
    fun swedishDark() = picture("sv-dark")

    @Test
    @Config(qualifiers = "de-w411dp-h891dp-xhdpi", fontScale = 2f)
    fun germanLargeText() = picture("de-large")

    @Test
    @Config(qualifiers = "en-w411dp-h891dp-night-xhdpi", fontScale = 2f)
    fun englishLargeTextDark() = picture("en-large-dark")

    @Test
    @Config(qualifiers = "sv-w360dp-h640dp-xhdpi", fontScale = 1.3f)
    fun swedishSmallPhone() = picture("sv-small")

    /** Before activation, in use, while one searches, and somebody's card; every control says what it is. */
    private fun picture(name: String) {
        val company = Surroundings.admin.found("picture-$name", "Nordlicht GmbH").hires(People.csv(200)).hiresCards(listOf(ZELIE))
        opened()
        until("not activated") { isNotActivated() }
        describesItself()
        fits()
        save("$name-new")

        configured(bundleOf(*company.waysIn, "require_screen_lock" to true, "max_patch_age_days" to 60))
        until("201 people") { "201" in text(R.id.detail) && isShown(R.id.search) }
        until("findings") { findings().childCount > 1 }
        describesItself()
        fits()
        save(name)

        type("mull")
        until("results") { results().childCount > 3 }
        describesItself()
        fits()
        // A picture of three says as much as one of twenty.
        results().removeViews(3, results().childCount - 3)
        save("$name-search")
        type(People.email(12))
        until("an address that matched") { texts(results()).any { it == app.getString(R.string.matched_email) } }
        fits()
        save("$name-reason")

        type("zelie")
        until("somebody else") { texts(results()).firstOrNull() == "Zélie Œuvrard" }
        results().getChildAt(0).performClick()
        until("a card") { dialog()?.isShowing == true }
        val card = dialog()!!.window!!.decorView
        until("drawn") { card.height > 0 }
        describesItself(card)
        fits(card)
        saveDialog("$name-person")
    }

    @Test
    @Config(qualifiers = "en-w411dp-h891dp-xhdpi")
    fun englishHidden() = hidden("en-hidden")

    @Test
    @Config(qualifiers = "de-w411dp-h891dp-night-xhdpi")
    fun germanHidden() = hidden("de-hidden-dark")

    /** A rule hides the contacts. */
    private fun hidden(name: String) {
        val company = Surroundings.admin.found(name, "Nordlicht GmbH").hires(People.csv(20))
        opened()
        configured(
            bundleOf(
                *company.waysIn,
                "require_screen_lock" to true,
                "noncompliance_action" to "hide_contacts",
                "noncompliance_grace_hours" to 0,
            ),
        )
        until("hidden") { text(R.id.state) == "This phone does not meet the rules".inScreensWords() && !isShown(R.id.search) }
        until("a finding") { findings().childCount == 1 }
        until("said why") { text(R.id.detail).lines().size > 1 }
        describesItself()
        fits()
        save(name)
    }

    @Test
    @Config(qualifiers = "en-w411dp-h891dp-xhdpi")
    fun englishLost() = lost("en-lost", "Please call +49 30 23125 000.")

    @Test
    @Config(qualifiers = "sv-w411dp-h891dp-night-xhdpi")
    fun swedishLost() = lost("sv-lost-dark", "Ring +46 8 123 45 00.")

    /** The admin has locked the phone. */
    private fun lost(name: String, message: String) {
        val company = Surroundings.admin.found(name, "Nordlicht GmbH").hires(People.csv(20))
        opened()
        configured(bundleOf(*company.waysIn, "support_email" to "help@nordlicht.example"))
        until("20 people") { "20" in text(R.id.detail) && isShown(R.id.search) }
        company.locks(company.devices().getJSONObject(0).getString("device"), message)
        screen.findViewById<View>(R.id.check_now).performClick()
        until("locked") { text(R.id.state) == "This phone is locked".inScreensWords() && message in text(R.id.detail) }
        assertFalse(isShown(R.id.search))
        screen.findViewById<View>(R.id.support).performClick()
        assertEquals("mailto:help@nordlicht.example", shadowOf(screen).nextStartedActivity.dataString)
        describesItself()
        fits()
        save(name)
    }

    @Test
    fun everyLanguageHasEveryText() {
        val folders = listOf("values", "values-de", "values-sv")
        val root = File(System.getProperty("muster.android")!!)
        for (module in listOf("app", "sdk")) {
            val files = File(root, "$module/src/main/res/values").list()!!.filter {
                it.endsWith(".xml") &&
                    it !in listOf("colors.xml", "themes.xml")
            }
            assertTrue(files.isNotEmpty())
            for (file in files) {
                val names = folders.map { folder -> names(File(root, "$module/src/main/res/$folder/$file")) }
                assertEquals("$module/$file in German", names[0], names[1])
                assertEquals("$module/$file in Swedish", names[0], names[2])
            }
        }
    }

    private fun names(file: File) = Regex("<(?:string|plurals|string-array) name=\"([^\"]+)\"(?! translatable=\"false\")")
        .findAll(file.readText()).map { it.groupValues[1] }.toSet()

    @Test
    fun everyWayOpensSomething() {
        val open = { way: Way -> Opening.intent(app, way) }
        // Ways of their own, and what no Android phone has.
        val silent = setOf(
            MendAction.SIGN_IN_AGAIN,
            MendAction.CONTACT_SUPPORT,
            MendAction.CHECK_CONFIGURATION,
            MendAction.OPEN_BACKGROUND_REFRESH,
        )
        for (place in MendAction.entries - silent) assertNotNull("$place", open(Way.Place(place)))
        for (place in silent) assertNull("$place", open(Way.Place(place)))
        assertNull(open(Way.SignIn))
        for ((uri, action) in listOf(
            "https://store.example/" to Intent.ACTION_VIEW,
            "mailto:help@nordlicht.example" to Intent.ACTION_SENDTO,
            "tel:+493023125000" to Intent.ACTION_DIAL,
        )) {
            val intent = open(Way.Open(uri))!!
            assertEquals(uri to action, intent.dataString to intent.action)
        }
    }

    /** What the tests above ask of a screen is asked for in vain where it is not there. */
    @Test
    fun theChecksNoticeWhatIsMissing() {
        opened()
        until("not activated") { isNotActivated() }
        val code = screen.findViewById<EditText>(R.id.code)
        code.contentDescription = null
        assertNotNull(runCatching { describesItself() }.exceptionOrNull())
        code.contentDescription = "code"
        code.layout(code.left, code.top, code.right, code.top + 40)
        assertNotNull(runCatching { describesItself() }.exceptionOrNull())
        val headline = screen.findViewById<TextView>(R.id.organization)
        headline.layout(headline.left, headline.top, headline.right, headline.top + 10)
        assertNotNull(runCatching { fits() }.exceptionOrNull())
    }

    private companion object {
        /** Somebody of whom everything is known. */
        val ZELIE: String by lazy {
            """
            BEGIN:VCARD
            VERSION:4.0
            UID:zelie
            FN:Zélie Œuvrard
            ORG:Nordlicht GmbH;Research and Development
            TITLE:Head of Laboratory
            TEL;TYPE=work:+49 30 23125 900
            TEL;TYPE=cell:+49 151 23456 789
            TEL;TYPE=fax:+49 30 23125 999
            EMAIL;TYPE=work:zelie.oeuvrard@nordlicht.example
            ADR;TYPE=work:;;Polarstraße 7;Berlin;;10115;Germany
            CATEGORIES:First aid,Fire safety
            NOTE:Back from leave on 1 March
            PHOTO:data:image/png;base64,${photo()}
            END:VCARD
            """.trimIndent().lines().joinToString("\r\n", postfix = "\r\n")
        }

        private fun photo(): String {
            val picture = Bitmap.createBitmap(64, 64, Bitmap.Config.ARGB_8888).apply { eraseColor(Color.rgb(120, 160, 200)) }
            val bytes = ByteArrayOutputStream().also { picture.compress(Bitmap.CompressFormat.PNG, 100, it) }.toByteArray()
            return Base64.encodeToString(bytes, Base64.NO_WRAP)
        }
    }
}
