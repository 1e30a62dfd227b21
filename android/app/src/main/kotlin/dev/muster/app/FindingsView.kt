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
internal class FindingsView(private val box: LinearLayout, private val open: (Intent) -> Unit) {
    private var shown: List<Finding>? = null

    fun show(state: MusterState) {
        if (state.findings == shown) return
        shown = state.findings
        box.removeAllViews()
        box.visibility = if (state.findings.isEmpty()) View.GONE else View.VISIBLE
        if (state.findings.isEmpty()) return
        box.addView(heading())
        state.findings.forEach { box.addView(card(it, state.configJson)) }
    }

    private fun heading() = TextView(box.context).apply {
        setText(R.string.findings)
        textSize = HEADING_SP
        setTextColor(context.getColor(R.color.text))
        if (android.os.Build.VERSION.SDK_INT >= android.os.Build.VERSION_CODES.P) Headings.mark(this)
    }

    private fun card(finding: Finding, configJson: String): View {
        val view = LayoutInflater.from(box.context).inflate(R.layout.finding, box, false)
        view.findViewById<TextView>(R.id.title).run {
            text = finding.title
            setTextColor(context.getColor(color(finding.severity)))
        }
        view.findViewById<TextView>(R.id.explanation).text = finding.explanation
        view.findViewById<TextView>(R.id.due).showOrHide(finding.dueWords)
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

    private fun TextView.showOrHide(words: String?) {
        text = words
        visibility = if (words.isNullOrEmpty()) View.GONE else View.VISIBLE
    }

    private companion object {
        const val HEADING_SP = 18f
    }
}

/** Headings for screen readers, from Android 9 on. */
private object Headings {
    @android.annotation.TargetApi(android.os.Build.VERSION_CODES.P)
    fun mark(view: View) {
        view.isAccessibilityHeading = true
    }
}
