package dev.muster.app

import android.app.Application
import android.app.KeyguardManager
import android.content.Intent
import android.content.RestrictionsManager
import android.graphics.Bitmap
import android.graphics.Canvas
import android.os.Bundle
import android.os.Looper
import android.view.View
import android.view.ViewGroup
import android.widget.Button
import android.widget.EditText
import android.widget.LinearLayout
import android.widget.TextView
import dev.muster.ffi.EffectOutcome
import dev.muster.ffi.MendAction
import dev.muster.ffi.Now
import dev.muster.sdk.Muster
import dev.muster.sdk.MusterOptions
import dev.muster.sdk.MusterParts
import dev.muster.sdk.OkHttpTransport
import dev.muster.sdk.People
import dev.muster.sdk.PhoneRunner
import dev.muster.sdk.RestrictionsReader
import dev.muster.sdk.SoftwareVault
import dev.muster.sdk.Surroundings
import dev.muster.sdk.bundleOf
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNotNull
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.android.controller.ActivityController
import org.robolectric.annotation.Config
import java.io.File

/** The app with keys in memory: the JVM has no Android Keystore. */
class TestApplication : MusterApplication() {
    private val vault = SoftwareVault()

    override fun openMuster(): Muster {
        val parts = MusterParts(
            clock = { Now(System.currentTimeMillis(), System.nanoTime() / 1_000_000, 7) },
            vault = vault,
            transport = OkHttpTransport(),
            effects = { _, done -> done(EffectOutcome.DONE) },
            configuration = RestrictionsReader(this),
        )
        return Muster.open(this, MusterOptions(), parts)
    }
}

/** The screen with its real resources, in three languages, light and dark, with large text. */
@RunWith(PhoneRunner::class)
@Config(application = TestApplication::class)
class ScreenTest {
    private val app: Application get() = RuntimeEnvironment.getApplication()
    private lateinit var controller: ActivityController<MainActivity>
    private val screen: MainActivity get() = controller.get()

    private fun opened(): MainActivity {
        controller = Robolectric.buildActivity(MainActivity::class.java).setup()
        return screen
    }

    @After
    fun close() {
        if (::controller.isInitialized) controller.pause().stop().destroy()
        Muster.running()?.close()
    }

    private fun restrictions(bundle: Bundle) {
        shadowOf(app.getSystemService(RestrictionsManager::class.java)).setApplicationRestrictions(bundle)
    }

    /** Waits for the agent and lets the screen draw what came. */
    private fun until(what: String, wanted: () -> Boolean) {
        val end = System.nanoTime() + 60_000_000_000L
        while (System.nanoTime() < end) {
            shadowOf(Looper.getMainLooper()).idle()
            if (wanted()) return
            Thread.sleep(5)
        }
        throw AssertionError("never $what: ${texts(screen.window.decorView)}")
    }

    private fun text(id: Int) = screen.findViewById<TextView>(id).text.toString()

    private fun results() = screen.findViewById<LinearLayout>(R.id.results)

    private fun type(typed: String) {
        screen.findViewById<EditText>(R.id.search).setText(typed)
        shadowOf(Looper.getMainLooper()).idle()
    }

    @Test
    fun aBroadcastOfChangedRestrictionsChangesTheScreen() {
        val company = Surroundings.admin.found("screen", "Nordlicht GmbH").hires(People.csv(200))
        opened()
        until("not activated") { text(R.id.state) == app.getString(R.string.phase_unlicensed) }
        assertEquals(View.VISIBLE, screen.findViewById<View>(R.id.activation).visibility)

        restrictions(bundleOf(*company.waysIn, "require_screen_lock" to true, "block_screenshots" to true))
        app.sendBroadcast(Intent(Intent.ACTION_APPLICATION_RESTRICTIONS_CHANGED))
        until("the company's name") { text(R.id.organization) == "Nordlicht GmbH" }
        until("200 people") { "200" in text(R.id.detail) }
        assertEquals(View.GONE, screen.findViewById<View>(R.id.activation).visibility)
        assertTrue(screen.window.attributes.flags and android.view.WindowManager.LayoutParams.FLAG_SECURE != 0)

        until("a finding") { screen.findViewById<LinearLayout>(R.id.findings).childCount == 2 }
        val mend = screen.findViewById<LinearLayout>(R.id.findings).getChildAt(1).findViewById<Button>(R.id.mend)
        mend.performClick()
        assertEquals("android.app.action.SET_NEW_PASSWORD", shadowOf(screen).nextStartedActivity.action)

        shadowOf(app.getSystemService(KeyguardManager::class.java)).setIsDeviceSecure(true)
        controller.pause().stop().restart().start().resume()
        until("mended") { screen.findViewById<LinearLayout>(R.id.findings).childCount == 0 }
        until("compliant") { text(R.id.state) == app.getString(R.string.state_compliant) }
    }

    @Test
    fun peopleAreFoundAsOneTypes() {
        val company = Surroundings.admin.found("typing", "Nordlicht GmbH").hires(People.csv(200))
        restrictions(bundleOf(*company.waysIn))
        opened()
        until("200 people") { "200" in text(R.id.detail) }
        type("mull anna")
        until("results") { results().childCount > 0 }
        val first = results().getChildAt(0)
        assertEquals("Anna Müller", first.findViewById<TextView>(R.id.name).text.toString())
        first.performClick()
        until("a dialog") { org.robolectric.shadows.ShadowDialog.getLatestDialog() != null }
        type("nobody has this name")
        until("nobody") { text(R.id.notice) == app.getString(R.string.nobody_found) }
        type("")
        until("empty") { results().childCount == 0 }
    }

    @Test
    fun aBrokenAgentIsSaidAndOpenedAgain() {
        opened()
        until("ready") { Muster.running()?.state?.isReady == true }
        Muster.running()!!.breakForTest()
        until("said") { text(R.id.detail) == app.getString(R.string.broken) }
        screen.findViewById<Button>(R.id.check_now).performClick()
        until("opened again") { text(R.id.state) == app.getString(R.string.phase_unlicensed) }
    }

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

    /** The screen before activation, and in use; every control says what it is. */
    private fun picture(name: String) {
        val company = Surroundings.admin.found("picture-$name", "Nordlicht GmbH").hires(People.csv(200))
        opened()
        until("not activated") { text(R.id.state) == app.getString(R.string.phase_unlicensed) }
        describesItself()
        save("$name-new")
        restrictions(bundleOf(*company.waysIn, "require_screen_lock" to true, "max_patch_age_days" to 60))
        app.sendBroadcast(Intent(Intent.ACTION_APPLICATION_RESTRICTIONS_CHANGED))
        until("200 people") { "200" in text(R.id.detail) }
        until("findings") { screen.findViewById<LinearLayout>(R.id.findings).childCount > 1 }
        type("mull")
        until("results") { results().childCount > 0 }
        describesItself()
        fits()
        save(name)
    }

    /** Every control that can be tapped or typed into says what it is, and is large enough to hit. */
    private fun describesItself() {
        val controls = all(screen.window.decorView).filter { it.isShown && (it.isClickable || it is EditText) }
        assertTrue("no controls", controls.size >= 2)
        for (control in controls) {
            val name = app.resources.getResourceEntryName(control.id.takeIf { it > 0 } ?: android.R.id.content)
            assertTrue("$name has no description", !control.contentDescription.isNullOrBlank())
            val density = app.resources.displayMetrics.density
            assertTrue("$name is ${control.height / density} dp high", control.height >= 48 * density - 1)
        }
    }

    /** No text is cut off. */
    private fun fits() {
        for (view in all(screen.window.decorView).filterIsInstance<TextView>().filter { it.isShown }) {
            val layout = view.layout ?: continue
            val cut = (0 until layout.lineCount).any { layout.getEllipsisCount(it) > 0 }
            assertTrue("cut off: ${view.text}", !cut && layout.height <= view.height)
        }
    }

    /** The whole screen, scrolled out to its full length. */
    private fun save(name: String) {
        val content = screen.findViewById<ViewGroup>(android.R.id.content).getChildAt(0) as ViewGroup
        val column = content.getChildAt(0)
        val height = maxOf(content.height, column.height)
        val bitmap = Bitmap.createBitmap(content.width, height, Bitmap.Config.ARGB_8888)
        val canvas = Canvas(bitmap)
        canvas.drawColor(screen.getColor(R.color.background))
        column.draw(canvas)
        val folder = File(System.getProperty("muster.screens")!!).apply { mkdirs() }
        File(folder, "$name.png").outputStream().use { assertTrue(bitmap.compress(Bitmap.CompressFormat.PNG, 100, it)) }
        assertTrue("an empty picture", colors(bitmap) > 10)
    }

    private fun colors(bitmap: Bitmap): Int {
        val colors = HashSet<Int>()
        for (y in 0 until bitmap.height step 3) for (x in 0 until bitmap.width step 3) colors += bitmap.getPixel(x, y)
        return colors.size
    }

    private fun all(view: View): List<View> =
        listOf(view) + if (view is ViewGroup) (0 until view.childCount).flatMap { all(view.getChildAt(it)) } else emptyList()

    private fun texts(view: View) = all(view).filterIsInstance<TextView>().filter { it.isShown }.map { it.text.toString() }

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
    fun everyWayToMendOpensSomething() {
        val settings = """{"settings":[{"key":"support_email","value":"help@nordlicht.example"}]}"""
        val silent = setOf(MendAction.OPEN_BACKGROUND_REFRESH, MendAction.CHECK_CONFIGURATION)
        for (action in MendAction.entries - silent) assertNotNull("$action", Mending.intent(app, action, null, settings))
        for (action in silent) assertEquals(null, Mending.intent(app, action, null, settings))
        assertEquals(
            "https://store.example/",
            Mending.intent(app, MendAction.OPEN_APP_STORE, "https://store.example/", settings)!!.dataString,
        )
    }
}
