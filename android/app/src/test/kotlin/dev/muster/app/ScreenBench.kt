package dev.muster.app

import android.app.AlertDialog
import android.app.Application
import android.content.Intent
import android.content.RestrictionsManager
import android.graphics.Bitmap
import android.graphics.Canvas
import android.os.Bundle
import android.os.Looper
import android.view.View
import android.view.ViewGroup
import android.widget.EditText
import android.widget.ImageView
import android.widget.LinearLayout
import android.widget.ScrollView
import android.widget.TextView
import dev.muster.ffi.EffectOutcome
import dev.muster.ffi.Now
import dev.muster.sdk.Muster
import dev.muster.sdk.MusterOptions
import dev.muster.sdk.MusterParts
import dev.muster.sdk.OkHttpTransport
import dev.muster.sdk.RestrictionsReader
import dev.muster.sdk.SoftwareVault
import org.junit.After
import org.junit.Assert.assertTrue
import org.robolectric.Robolectric
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.android.controller.ActivityController
import org.robolectric.shadows.ShadowDialog
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

/** What tests of the screen share: the activity, ways to wait, to look, and to take pictures. */
abstract class ScreenBench {
    protected val app: Application get() = RuntimeEnvironment.getApplication()
    protected lateinit var controller: ActivityController<MainActivity>
    protected val screen: MainActivity get() = controller.get()

    protected fun opened(intent: Intent? = null): MainActivity {
        controller = Robolectric.buildActivity(MainActivity::class.java, intent).setup()
        return screen
    }

    @After
    fun close() {
        if (::controller.isInitialized) controller.pause().stop().destroy()
        Muster.running()?.close()
    }

    /** As the system tells of a configuration that came or changed. */
    protected fun configured(bundle: Bundle) {
        shadowOf(app.getSystemService(RestrictionsManager::class.java)).setApplicationRestrictions(bundle)
        app.sendBroadcast(Intent(Intent.ACTION_APPLICATION_RESTRICTIONS_CHANGED))
    }

    /** Waits for the agent and lets the screen draw what came. */
    protected fun until(what: String, wanted: () -> Boolean) {
        val end = System.nanoTime() + 60_000_000_000L
        while (System.nanoTime() < end) {
            shadowOf(Looper.getMainLooper()).idle()
            if (wanted()) return
            Thread.sleep(5)
        }
        throw AssertionError("never $what: ${texts(screen.window.decorView)}")
    }

    protected fun text(id: Int) = screen.findViewById<TextView>(id).text.toString()

    protected fun isNotActivated() = text(R.id.state) == "Not activated".inScreensWords()

    /** What the agent says of a state, in the language of the screen: the tests' own copy. */
    protected fun String.inScreensWords(): String {
        val column = listOf("en", "de", "sv").indexOf(app.resources.configuration.locales[0].language)
        return WORDS.first { it[0] == this }[column]
    }

    protected fun isShown(id: Int) = screen.findViewById<View>(id).isShown

    protected fun results(): LinearLayout = screen.findViewById(R.id.results)

    protected fun findings(): LinearLayout = screen.findViewById(R.id.findings)

    protected fun type(typed: String) {
        screen.findViewById<EditText>(R.id.search).setText(typed)
        shadowOf(Looper.getMainLooper()).idle()
    }

    /** The dialog that was opened last. */
    protected fun dialog(): AlertDialog? = ShadowDialog.getLatestDialog() as AlertDialog?

    protected fun texts(view: View) = all(view).filterIsInstance<TextView>().filter { it.isShown }.map { it.text.toString() }

    protected fun all(view: View): List<View> =
        listOf(view) + if (view is ViewGroup) (0 until view.childCount).flatMap { all(view.getChildAt(it)) } else emptyList()

    /** Every control that can be tapped or typed into says what it is, and is large enough to hit. */
    protected fun describesItself(root: View = screen.window.decorView) {
        val shown = all(root).filter { it.isShown }
        val controls = shown.filter { it.isClickable || it is EditText }
        assertTrue("no controls", controls.isNotEmpty())
        val density = app.resources.displayMetrics.density
        for (control in controls) {
            val name = app.resources.getResourceEntryName(control.id.takeIf { it > 0 } ?: android.R.id.content)
            // The platform's own buttons of a dialog are read by their text.
            val isPlatforms = control.id ushr 24 == PLATFORM && control is TextView && control.text.isNotEmpty()
            assertTrue("$name has no description", isPlatforms || !control.contentDescription.isNullOrBlank())
            assertTrue("$name is ${control.height / density} dp high", control.height >= 48 * density - 1)
        }
        for (image in shown.filterIsInstance<ImageView>().filter { it.drawable != null && it.id ushr 24 != PLATFORM }) {
            assertTrue("a picture has no description", !image.contentDescription.isNullOrBlank())
        }
    }

    /** No text is cut off. */
    protected fun fits(root: View = screen.window.decorView) {
        for (view in all(root).filterIsInstance<TextView>().filter { it.isShown }) {
            val layout = view.layout ?: continue
            val cut = (0 until layout.lineCount).any { layout.getEllipsisCount(it) > 0 }
            assertTrue("cut off: ${view.text}", !cut && layout.height <= view.height)
        }
    }

    /** The whole screen, scrolled out to its full length. */
    protected fun save(name: String) {
        shadowOf(Looper.getMainLooper()).idle()
        val content = screen.findViewById<ViewGroup>(android.R.id.content).getChildAt(0) as ScrollView
        val column = content.getChildAt(0)
        save(name, content.width, maxOf(content.height, column.height), column)
    }

    /** A dialog as it stands. */
    protected fun saveDialog(name: String) {
        val window = dialog()!!.window!!.decorView
        save(name, window.width, window.height, window)
    }

    private fun save(name: String, width: Int, height: Int, view: View) {
        val bitmap = Bitmap.createBitmap(width, height, Bitmap.Config.ARGB_8888)
        val canvas = Canvas(bitmap)
        canvas.drawColor(screen.getColor(R.color.background))
        view.draw(canvas)
        val folder = File(System.getProperty("muster.screens")!!).apply { mkdirs() }
        File(folder, "$name.png").outputStream().use { assertTrue(bitmap.compress(Bitmap.CompressFormat.PNG, 100, it)) }
        assertTrue("an empty picture", colors(bitmap) > 10)
    }

    private fun colors(bitmap: Bitmap): Int {
        val colors = HashSet<Int>()
        for (y in 0 until bitmap.height step 3) for (x in 0 until bitmap.width step 3) colors += bitmap.getPixel(x, y)
        return colors.size
    }

    private companion object {
        /** The first byte of ids that are not the app's. */
        const val PLATFORM = 1

        /** English, German, Swedish. */
        val WORDS = listOf(
            listOf("Not activated", "Nicht aktiviert", "Inte aktiverad"),
            listOf("This phone meets the rules", "Dieses Telefon erfüllt die Regeln", "Den här telefonen följer reglerna"),
            listOf(
                "This phone does not meet the rules",
                "Dieses Telefon erfüllt die Regeln nicht",
                "Den här telefonen följer inte reglerna",
            ),
            listOf("This phone is locked", "Dieses Telefon ist gesperrt", "Den här telefonen är låst"),
            listOf(
                "Muster met an error and has stopped. Nothing on the phone is lost.",
                "Muster ist auf einen Fehler gestoßen und hat angehalten. Auf dem Telefon ist nichts verloren.",
                "Muster stötte på ett fel och har stannat. Inget på telefonen har gått förlorat.",
            ),
        )
    }
}
