package dev.muster.app

import android.content.Intent
import android.view.LayoutInflater
import android.view.View
import android.widget.Button
import android.widget.LinearLayout
import android.widget.TextView
import dev.muster.ffi.Finding
import dev.muster.ffi.FindingSeverity
import dev.muster.sdk.MusterState

/** What is wrong with the phone: a card each, with a button that opens where it is mended. */
internal class FindingsView(private val section: View, private val box: LinearLayout, private val open: (Intent) -> Unit) {
    private var shown: List<Finding>? = null

    fun show(state: MusterState) {
        if (state.findings == shown) return
        shown = state.findings
        section.visibility = if (state.findings.isEmpty()) View.GONE else View.VISIBLE
        box.removeAllViews()
        state.findings.forEach { box.addView(card(it, state.configJson)) }
    }

    /** Takes all cards away: what they say is not known any more. */
    fun clear() {
        shown = null
        section.visibility = View.GONE
        box.removeAllViews()
    }

    private fun card(finding: Finding, configJson: String): View {
        val view = LayoutInflater.from(box.context).inflate(R.layout.finding, box, false)
        view.findViewById<TextView>(R.id.title).run {
            text = finding.title
            setTextColor(context.getColor(color(finding.severity)))
        }
        // It says what follows and when, too.
        view.findViewById<TextView>(R.id.explanation).text = finding.explanation
        val button = view.findViewById<Button>(R.id.mend)
        val action = finding.action
        val intent = action?.let { Mending.intent(box.context, it, finding.actionUrl, configJson) }
        button.showOrHide(finding.actionLabel.takeIf { intent != null })
        // A list of equal buttons says nothing to somebody who hears it.
        button.contentDescription = listOfNotNull(finding.actionLabel, finding.title).joinToString(": ")
        button.setOnClickListener { intent?.let(open) }
        return view
    }

    private fun color(severity: FindingSeverity) = when (severity) {
        FindingSeverity.INFORM -> R.color.text
        FindingSeverity.WARN -> R.color.warn
        FindingSeverity.REQUIRE -> R.color.bad
    }
}
