package dev.muster.app

import android.view.LayoutInflater
import android.view.View
import android.widget.Button
import android.widget.LinearLayout
import android.widget.TextView
import dev.muster.app.model.FindingCard
import dev.muster.app.model.Way

/** What is wrong with the phone: a card each, with a button that leads to where it is put right. */
internal class FindingsView(private val section: View, private val box: LinearLayout, private val open: (Way) -> Unit) {
    private var shown: List<FindingCard> = emptyList()

    fun show(cards: List<FindingCard>) {
        if (cards == shown) return
        shown = cards
        section.visibility = if (cards.isEmpty()) View.GONE else View.VISIBLE
        box.removeAllViews()
        cards.forEach { box.addView(view(it)) }
    }

    private fun view(card: FindingCard): View {
        val view = LayoutInflater.from(box.context).inflate(R.layout.finding, box, false)
        view.findViewById<TextView>(R.id.title).run {
            text = card.title
            setTextColor(context.getColor(color(card.tone)))
        }
        // It says what follows and when, too.
        view.findViewById<TextView>(R.id.explanation).text = card.explanation
        view.findViewById<Button>(R.id.mend).run {
            showOrHide(card.button?.label)
            contentDescription = card.button?.spoken
            setOnClickListener { card.button?.way?.let(open) }
        }
        return view
    }
}
