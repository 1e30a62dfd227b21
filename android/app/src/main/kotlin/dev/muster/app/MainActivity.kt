package dev.muster.app

import android.Manifest
import android.app.Activity
import android.app.AlertDialog
import android.content.Intent
import android.content.pm.PackageManager
import android.os.Build
import android.os.Bundle
import android.text.Editable
import android.text.TextWatcher
import android.view.View
import android.view.Window
import android.view.WindowManager
import android.widget.Button
import android.widget.EditText
import android.widget.TextView
import dev.muster.ffi.Evidence
import dev.muster.ffi.LicencePhase
import dev.muster.ffi.LinkVerdict
import dev.muster.ffi.MusterException
import dev.muster.ffi.OpenFailure
import dev.muster.ffi.openFailureWords
import dev.muster.sdk.Muster
import dev.muster.sdk.MusterListener
import dev.muster.sdk.MusterState
import org.json.JSONObject

/** The one screen: how the phone stands, the people, and what is to be done. */
class MainActivity : Activity() {
    private var muster: Muster? = null
    private val listener = MusterListener(::show)
    private val findings by lazy { FindingsView(findViewById(R.id.to_do), findViewById(R.id.findings), ::startQuietly) }
    private val people by lazy { PeopleView(findViewById(R.id.results), findViewById(R.id.notice), peopleScreen) }
    private var dialog: AlertDialog? = null
    private var showsPerson = false
    private var hidden = false
    private var blocksScreenshots = false
    private var askedForNotifications = false

    /** An activation link that the person has neither accepted nor refused yet. */
    private var link: String? = null

    override fun onCreate(savedInstanceState: Bundle?) {
        super.onCreate(savedInstanceState)
        setContentView(R.layout.main)
        findViewById<Button>(R.id.activate).setOnClickListener { activate() }
        findViewById<EditText>(R.id.search).addTextChangedListener(object : TextWatcher {
            override fun beforeTextChanged(s: CharSequence?, start: Int, count: Int, after: Int) = Unit

            override fun onTextChanged(s: CharSequence?, start: Int, before: Int, count: Int) = Unit

            override fun afterTextChanged(s: Editable) = search()
        })
        // The system hands the same intent over again to a screen that it restores.
        link = if (savedInstanceState == null) linkOf(intent) else savedInstanceState.getString(LINK)
        askedForNotifications = savedInstanceState?.getBoolean(ASKED) == true
    }

    override fun onSaveInstanceState(outState: Bundle) {
        super.onSaveInstanceState(outState)
        outState.putString(LINK, link)
        outState.putBoolean(ASKED, askedForNotifications)
    }

    override fun onDestroy() {
        people.close()
        // Gone with the screen, and not because the person said no.
        dialog?.setOnDismissListener(null)
        dialog?.dismiss()
        super.onDestroy()
    }

    override fun onNewIntent(intent: Intent) {
        super.onNewIntent(intent)
        setIntent(intent)
        link = linkOf(intent) ?: return
        muster?.let(::askAboutLink)
    }

    override fun onStart() {
        super.onStart()
        connect()
    }

    override fun onStop() {
        muster?.removeListener(listener)
        super.onStop()
    }

    /** Connects the screen with the agent; opens it anew if it has ended. */
    private fun connect() {
        (application as MusterApplication).open().fold(
            onSuccess = { opened ->
                muster = opened
                opened.addListener(listener)
                opened.onForeground()
                show(opened.state)
                askAboutLink(opened)
            },
            onFailure = ::showFailure,
        )
    }

    private fun show(state: MusterState) {
        if (state.ended is MusterException.Broken) return showBroken()
        val phase = state.status.licence.phase
        blockScreenshots(Settings.isOn(state.configJson, "block_screenshots"))
        showSummary(state)
        button(R.string.check_now, R.string.check_now_description) { muster?.checkNow() }
        findViewById<View>(R.id.activation).visibility = visible(state.isReady && Summary.wantsActivation(phase))
        findings.show(state)
        if (state.isReady && phase == LicencePhase.ACTIVE) askForNotifications()
        search()
    }

    private fun showSummary(state: MusterState) {
        val summary = Summary.of(this, state, state.isReady && hidden)
        text(R.id.organization).text = summary.headline
        text(R.id.state).showOrHide(summary.state)
        text(R.id.state).setTextColor(getColor(summary.color))
        text(R.id.detail).showOrHide(summary.detail)
        findViewById<View>(R.id.search).visibility = visible(state.isReady && !hidden)
        val support = if (state.isReady && hidden) Mending.support(state.configJson) else null
        findViewById<View>(R.id.support).run {
            visibility = visible(support != null)
            setOnClickListener { support?.let(::startQuietly) }
        }
    }

    private fun showBroken() = showStopped(getString(R.string.broken))

    private fun showFailure(error: Throwable) {
        val failure = when (error) {
            is MusterException.InUse -> OpenFailure.IN_USE
            is MusterException.Full -> OpenFailure.FULL
            else -> OpenFailure.UNUSABLE
        }
        val words = openFailureWords(failure, resources.configuration.locales[0].toLanguageTag())
        showStopped(listOf(words.text, words.next).joinToString(" "))
    }

    /** There is no agent: nothing is known of anything, and the person can try again. */
    private fun showStopped(why: String) {
        text(R.id.organization).text = getString(R.string.app_name)
        text(R.id.state).showOrHide(null)
        text(R.id.detail).showOrHide(why)
        listOf(R.id.activation, R.id.search, R.id.support).forEach { findViewById<View>(it).visibility = View.GONE }
        findings.clear()
        people.clear()
        button(R.string.open_again, R.string.open_again) { connect() }
    }

    private fun button(label: Int, description: Int, action: () -> Unit) = findViewById<Button>(R.id.check_now).run {
        setText(label)
        contentDescription = getString(description)
        setOnClickListener { action() }
    }

    /** Findings reach the person by notifications, too. Not before there is something that one could be about. */
    private fun askForNotifications() {
        if (askedForNotifications || Build.VERSION.SDK_INT < Build.VERSION_CODES.TIRAMISU) return
        askedForNotifications = true
        val permission = Manifest.permission.POST_NOTIFICATIONS
        if (checkSelfPermission(permission) != PackageManager.PERMISSION_GRANTED) requestPermissions(arrayOf(permission), 0)
    }

    private fun search() {
        val open = muster ?: return
        people.show(open, findViewById<EditText>(R.id.search).text.toString())
    }

    private fun activate() {
        val server = findViewById<EditText>(R.id.server).text.toString().trim()
        val code = findViewById<EditText>(R.id.code).text.toString().trim()
        if (code.isNotEmpty()) muster?.activate(Evidence.ActivationCode(code), server.ifEmpty { null })
    }

    /** Not a link of long ago, with which the app is brought back from the list of recent ones. */
    private fun linkOf(intent: Intent) =
        intent.dataString.takeIf { intent.flags and Intent.FLAG_ACTIVITY_LAUNCHED_FROM_HISTORY == 0 }

    /** An activation link is shown before it is used, and the person says yes or no. */
    private fun askAboutLink(open: Muster) {
        val url = link ?: return
        val verdict = try {
            open.previewLink(url)
        } catch (_: MusterException) {
            // It has just ended: the screen says so, and asks when it is open again.
            return
        }
        val question = AlertDialog.Builder(this)
        when (verdict) {
            is LinkVerdict.Usable ->
                question.setTitle(getString(R.string.link_title, verdict.preview.host))
                    .setMessage(R.string.link_text)
                    .setPositiveButton(R.string.link_accept) { _, _ -> open.acceptLink(url) }
                    .setNegativeButton(R.string.link_refuse, null)
            is LinkVerdict.Refused ->
                question.setMessage(listOf(verdict.words.text, verdict.words.next).joinToString(" "))
                    .setPositiveButton(R.string.close, null)
        }
        showDialog(question).setOnDismissListener { link = null }
    }

    /** One at a time; what the screen hides from pictures, a window above it hides, too. */
    private fun showDialog(builder: AlertDialog.Builder): AlertDialog {
        dialog?.setOnDismissListener(null)
        dialog?.dismiss()
        showsPerson = false
        return builder.create().also {
            dialog = it
            secure(it.window)
            it.show()
        }
    }

    private fun blockScreenshots(block: Boolean) {
        blocksScreenshots = block
        secure(window)
        secure(dialog?.window)
    }

    private fun secure(window: Window?) {
        val flag = if (blocksScreenshots) WindowManager.LayoutParams.FLAG_SECURE else 0
        window?.setFlags(flag, WindowManager.LayoutParams.FLAG_SECURE)
    }

    private val peopleScreen = object : PeopleView.Screen {
        override fun onHidden(hidden: Boolean) {
            this@MainActivity.hidden = hidden
            // Somebody's card goes with the rest.
            if (hidden && showsPerson) dialog?.dismiss()
            val state = muster?.state ?: return
            if (state.ended == null) showSummary(state)
        }

        override fun show(dialog: AlertDialog.Builder) {
            showDialog(dialog)
            showsPerson = true
        }

        override fun open(intent: Intent) = startQuietly(intent)
    }

    private fun text(id: Int) = findViewById<TextView>(id)

    private fun startQuietly(intent: Intent) {
        if (intent.action == Mending.SIGN_IN) findViewById<View>(R.id.code).requestFocus() else startOrSay(this, intent)
    }

    private fun visible(yes: Boolean) = if (yes) View.VISIBLE else View.GONE

    private companion object {
        const val LINK = "link"
        const val ASKED = "asked for notifications"
    }
}

/** Settings as the agent shows them. */
internal object Settings {
    /** Whether the setting `key` is true. */
    fun isOn(configJson: String, key: String): Boolean {
        val settings = JSONObject(configJson).getJSONArray("settings")
        return (0 until settings.length()).map(settings::getJSONObject).any { it.getString("key") == key && it.opt("value") == true }
    }
}
