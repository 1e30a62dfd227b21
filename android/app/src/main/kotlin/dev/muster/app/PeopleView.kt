package dev.muster.app

import android.graphics.Typeface
import android.text.SpannableString
import android.text.Spanned
import android.text.style.ForegroundColorSpan
import android.text.style.StyleSpan
import android.view.LayoutInflater
import android.view.View
import android.widget.LinearLayout
import android.widget.TextView
import dev.muster.app.model.Marked
import dev.muster.app.model.PersonRow

/** Search results, as one types. */
internal class PeopleView(private val box: LinearLayout, private val notice: TextView, private val choose: (String) -> Unit) {
    private var shown: List<PersonRow> = emptyList()

    fun show(rows: List<PersonRow>, said: String?) {
        notice.showOrHide(said)
        if (rows == shown) return
        shown = rows
        box.removeAllViews()
        rows.forEach { box.addView(view(it)) }
    }

    private fun view(row: PersonRow): View {
        val view = LayoutInflater.from(box.context).inflate(R.layout.person, box, false)
        view.findViewById<TextView>(R.id.name).text = marked(row.name)
        view.findViewById<TextView>(R.id.about).showOrHide(marked(row.about))
        view.findViewById<TextView>(R.id.reason).showOrHide(row.reason)
        view.contentDescription = row.spoken
        view.setOnClickListener { choose(row.id) }
        return view
    }

    /** Matches are bold, too: seen by people who see no colours. */
    private fun marked(marked: Marked) = SpannableString(marked.text).apply {
        for (stretch in marked.stretches) {
            setSpan(StyleSpan(Typeface.BOLD), stretch.start, stretch.end, Spanned.SPAN_EXCLUSIVE_EXCLUSIVE)
            val color = ForegroundColorSpan(box.context.getColor(R.color.accent))
            setSpan(color, stretch.start, stretch.end, Spanned.SPAN_EXCLUSIVE_EXCLUSIVE)
        }
    }
}
