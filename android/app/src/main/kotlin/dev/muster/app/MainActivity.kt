package dev.muster.app

import android.Manifest
import android.app.Activity
import android.app.AlertDialog
import android.content.Intent
import android.content.pm.PackageManager
import android.os.Build
import android.os.Bundle
import android.os.Handler
import android.os.Looper
import android.text.Editable
import android.text.TextWatcher
import android.view.View
import android.view.Window
import android.view.WindowManager
import android.widget.Button
import android.widget.EditText
import android.widget.TextView
import dev.muster.app.model.LinkQuestion
import dev.muster.app.model.ScreenModel
import dev.muster.app.model.Way
import java.util.concurrent.Executors

/** The one screen. It draws what [ScreenModel] decides, and tells it what the person does. */
public class MainActivity : Activity() {
    private val worker = Executors.newSingleThreadExecutor { Thread(it, "search").apply { isDaemon = true } }
    private val main = Handler(Looper.getMainLooper())
    private val model by lazy {
        ScreenModel(
            wording = ResourceWording(this),
            characters = PhoneCharacters,
            worker = { if (!worker.isShutdown) worker.execute(it) },
            screen = { work -> main.post { if (!isDestroyed) work.run() } },
            open = { (application as MusterApplication).open().map(::MusterAccess) },
            onChange = ::draw,
        )
    }
    private val findings by lazy { FindingsView(findViewById(R.id.to_do), findViewById(R.id.findings), ::follow) }
    private val people by lazy { PeopleView(findViewById(R.id.results), findViewById(R.id.notice), model::showPerson) }
    private var dialog: AlertDialog? = null
    private var drawn: ScreenModel.Sheet? = null
    private var askedForNotifications = false

    override fun onCreate(savedInstanceState: Bundle?) {
        super.onCreate(savedInstanceState)
        setContentView(R.layout.main)
        findViewById<Button>(R.id.check_now).setOnClickListener { model.press() }
        findViewById<Button>(R.id.activate).setOnClickListener { model.activate(typed(R.id.server), typed(R.id.code)) }
        findViewById<Button>(R.id.support).setOnClickListener { model.support?.let(::follow) }
        findViewById<EditText>(R.id.search).addTextChangedListener(object : TextWatcher {
            override fun beforeTextChanged(s: CharSequence?, start: Int, count: Int, after: Int) = Unit

            override fun onTextChanged(s: CharSequence?, start: Int, before: Int, count: Int) = Unit

            override fun afterTextChanged(s: Editable) = model.type(s.toString())
        })
        // The system hands the same intent over again to a screen that it restores.
        val link = if (savedInstanceState == null) linkOf(intent) else savedInstanceState.getString(LINK)
        link?.let(model::openLink)
        askedForNotifications = savedInstanceState?.getBoolean(ASKED) == true
    }

    override fun onSaveInstanceState(outState: Bundle) {
        super.onSaveInstanceState(outState)
        outState.putString(LINK, model.link)
        outState.putBoolean(ASKED, askedForNotifications)
    }

    override fun onNewIntent(intent: Intent) {
        super.onNewIntent(intent)
        setIntent(intent)
        linkOf(intent)?.let(model::openLink)
    }

    override fun onStart() {
        super.onStart()
        model.connect()
    }

    override fun onStop() {
        model.disconnect()
        super.onStop()
    }

    override fun onDestroy() {
        worker.shutdown()
        // Gone with the screen, and not because the person said no.
        dialog?.setOnDismissListener(null)
        dialog?.dismiss()
        super.onDestroy()
    }

    /** Not a link of long ago, with which the app is brought back from the list of recent ones. */
    private fun linkOf(intent: Intent) =
        intent.dataString.takeIf { intent.flags and Intent.FLAG_ACTIVITY_LAUNCHED_FROM_HISTORY == 0 }

    private fun draw() {
        val summary = model.summary
        text(R.id.organization).text = summary.headline
        text(R.id.state).showOrHide(summary.state)
        text(R.id.state).setTextColor(getColor(color(summary.tone)))
        text(R.id.detail).showOrHide(summary.detail)
        text(R.id.check_now).run {
            text = model.button
            contentDescription = model.buttonSpoken
        }
        findViewById<View>(R.id.search).showIf(model.canSearch)
        findViewById<View>(R.id.activation).showIf(model.canActivate)
        findViewById<View>(R.id.support).showIf(model.support != null)
        findings.show(model.findings)
        people.show(model.rows, model.notice)
        drawSheet()
        secure(window)
        secure(dialog?.window)
        if (model.wantsNotifications) askForNotifications()
    }

    /** One at a time; what the screen hides from pictures, a window above it hides, too. */
    private fun drawSheet() {
        val sheet = model.sheet
        if (sheet == drawn) return
        drawn = sheet
        dialog?.setOnDismissListener(null)
        dialog?.dismiss()
        val builder = when (sheet) {
            null -> return
            is ScreenModel.Sheet.Person -> PersonDialog.of(this, sheet.card, ::follow)
            is ScreenModel.Sheet.Link -> question(sheet.question)
        }
        dialog = builder.create().also {
            it.setOnDismissListener { model.close() }
            secure(it.window)
            it.show()
        }
    }

    private fun question(link: LinkQuestion): AlertDialog.Builder {
        val question = AlertDialog.Builder(this).setTitle(link.title).setMessage(link.text)
        if (!link.canBeAccepted) return question.setPositiveButton(R.string.close, null)
        return question.setPositiveButton(R.string.link_accept) { _, _ -> model.acceptLink() }.setNegativeButton(R.string.link_refuse, null)
    }

    private fun secure(window: Window?) {
        val flag = if (model.hidesFromPictures) WindowManager.LayoutParams.FLAG_SECURE else 0
        window?.setFlags(flag, WindowManager.LayoutParams.FLAG_SECURE)
    }

    /** Findings reach the person by notifications, too. */
    private fun askForNotifications() {
        if (askedForNotifications || Build.VERSION.SDK_INT < Build.VERSION_CODES.TIRAMISU) return
        askedForNotifications = true
        val permission = Manifest.permission.POST_NOTIFICATIONS
        if (checkSelfPermission(permission) != PackageManager.PERMISSION_GRANTED) requestPermissions(arrayOf(permission), 0)
    }

    private fun follow(way: Way) {
        when (val intent = Opening.intent(this, way)) {
            null -> findViewById<View>(R.id.code).requestFocus()
            else -> startOrSay(this, intent)
        }
    }

    private fun text(id: Int) = findViewById<TextView>(id)

    private fun typed(id: Int) = findViewById<EditText>(id).text.toString()

    private companion object {
        const val LINK = "link"
        const val ASKED = "asked for notifications"
    }
}
