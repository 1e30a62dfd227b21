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

/** The one screen: how the phone stands, what is to be seen to, and the people. */
class MainActivity : Activity() {
    private var muster: Muster? = null
    private val listener = MusterListener(::show)
    private val findings by lazy { FindingsView(findViewById(R.id.findings), ::startQuietly) }
    private val people by lazy { PeopleView(findViewById(R.id.results), findViewById(R.id.notice), ::startQuietly) }

    override fun onCreate(savedInstanceState: Bundle?) {
        super.onCreate(savedInstanceState)
        setContentView(R.layout.main)
        findViewById<Button>(R.id.activate).setOnClickListener { activate() }
        findViewById<EditText>(R.id.search).addTextChangedListener(object : TextWatcher {
            override fun beforeTextChanged(s: CharSequence?, start: Int, count: Int, after: Int) = Unit

            override fun onTextChanged(s: CharSequence?, start: Int, before: Int, count: Int) = Unit

            override fun afterTextChanged(s: Editable) = search()
        })
        intent?.let(::openLink)
        if (savedInstanceState == null) askForNotifications()
    }

    override fun onDestroy() {
        people.close()
        super.onDestroy()
    }

    /** Findings reach the person by notifications, too; from Android 13 on they have to be allowed. */
    private fun askForNotifications() {
        if (Build.VERSION.SDK_INT < Build.VERSION_CODES.TIRAMISU) return
        val permission = Manifest.permission.POST_NOTIFICATIONS
        if (checkSelfPermission(permission) != PackageManager.PERMISSION_GRANTED) requestPermissions(arrayOf(permission), 0)
    }

    override fun onNewIntent(intent: Intent) {
        super.onNewIntent(intent)
        openLink(intent)
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
            },
            onFailure = ::showFailure,
        )
    }

    private fun show(state: MusterState) {
        if (state.ended is MusterException.Broken) return showBroken()
        val summary = Summary.of(resources, state)
        text(R.id.organization).text = summary.headline
        text(R.id.state).text = summary.state
        text(R.id.state).setTextColor(getColor(summary.color))
        val hidden = muster?.takeIf { state.isReady }?.let(people::whyHidden)
        text(R.id.detail).text = listOfNotNull(summary.detail, hidden).filter { it.isNotEmpty() }.joinToString("\n")
        findViewById<View>(R.id.search).visibility = visible(state.isReady && hidden == null)
        button(R.string.check_now, R.string.check_now_description) { muster?.checkNow() }
        findViewById<View>(R.id.activation).visibility = visible(state.isReady && state.status.licence.phase == LicencePhase.UNLICENSED)
        findings.show(state)
        blockScreenshots(state)
        search()
    }

    private fun showBroken() {
        text(R.id.organization).text = getString(R.string.app_name)
        text(R.id.state).text = ""
        text(R.id.detail).text = getString(R.string.broken)
        button(R.string.open_again, R.string.open_again) { connect() }
    }

    private fun showFailure(error: Throwable) {
        val failure = when (error) {
            is MusterException.InUse -> OpenFailure.IN_USE
            is MusterException.Full -> OpenFailure.FULL
            else -> OpenFailure.UNUSABLE
        }
        val words = openFailureWords(failure, resources.configuration.locales[0].toLanguageTag())
        text(R.id.organization).text = getString(R.string.app_name)
        text(R.id.detail).text = listOf(words.text, words.next).joinToString(" ")
        button(R.string.open_again, R.string.open_again) { connect() }
    }

    private fun button(label: Int, description: Int, action: () -> Unit) = findViewById<Button>(R.id.check_now).run {
        setText(label)
        contentDescription = getString(description)
        setOnClickListener { action() }
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

    /** An activation link is shown before it is used, and the person says yes or no. */
    private fun openLink(intent: Intent) {
        val url = intent.data?.toString() ?: return
        val open = (application as MusterApplication).open().getOrNull() ?: return
        val dialog = AlertDialog.Builder(this)
        when (val verdict = open.previewLink(url)) {
            is LinkVerdict.Usable ->
                dialog.setTitle(getString(R.string.link_title, verdict.preview.host))
                    .setMessage(R.string.link_text)
                    .setPositiveButton(R.string.link_accept) { _, _ -> open.acceptLink(url) }
                    .setNegativeButton(R.string.link_refuse, null)
            is LinkVerdict.Refused ->
                dialog.setMessage(listOf(verdict.words.text, verdict.words.next).joinToString(" "))
                    .setPositiveButton(R.string.close, null)
        }
        dialog.show()
    }

    private fun blockScreenshots(state: MusterState) {
        val flag = if (Settings.isOn(state.configJson, "block_screenshots")) WindowManager.LayoutParams.FLAG_SECURE else 0
        window.setFlags(flag, WindowManager.LayoutParams.FLAG_SECURE)
    }

    private fun text(id: Int) = findViewById<TextView>(id)

    private fun startQuietly(intent: Intent) = startOrSay(this, intent)

    private fun visible(yes: Boolean) = if (yes) View.VISIBLE else View.GONE
}

/** Settings as the agent shows them. */
internal object Settings {
    /** Whether the setting `key` is true. */
    fun isOn(configJson: String, key: String): Boolean {
        val settings = JSONObject(configJson).getJSONArray("settings")
        return (0 until settings.length()).map(settings::getJSONObject).any { it.getString("key") == key && it.opt("value") == true }
    }
}
