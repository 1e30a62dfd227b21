package dev.muster.app

import android.app.AlertDialog
import android.content.Intent
import android.graphics.Typeface
import android.os.Handler
import android.os.Looper
import android.text.SpannableString
import android.text.Spanned
import android.text.style.ForegroundColorSpan
import android.text.style.StyleSpan
import android.view.LayoutInflater
import android.view.View
import android.widget.LinearLayout
import android.widget.TextView
import dev.muster.ffi.MusterException
import dev.muster.ffi.SearchHit
import dev.muster.sdk.Muster
import java.util.concurrent.Executors

/** Search results, as one types. Everything is read off the main thread: the first search reads all contacts in. */
internal class PeopleView(private val box: LinearLayout, private val notice: TextView, private val screen: Screen) {
    /** What the screen does for it. */
    interface Screen {
        /** Contacts can be read now, or can't. */
        fun onHidden(hidden: Boolean)

        /** Shows a dialog as the company's rules want it. */
        fun show(dialog: AlertDialog.Builder)

        /** Opens another app. */
        fun open(intent: Intent)
    }

    private val worker = Executors.newSingleThreadExecutor { Thread(it, "search").apply { isDaemon = true } }
    private val main = Handler(Looper.getMainLooper())
    private var asked = 0
    private var closed = false
    private var shown: List<SearchHit> = emptyList()

    /** Nothing is drawn any more. */
    fun close() {
        closed = true
        worker.shutdown()
    }

    /** Shows nobody; what was asked before is answered no more. */
    fun clear() {
        asked++
        shown = emptyList()
        box.removeAllViews()
        notice.showOrHide(null)
    }

    /** Searches, and finds out whether there is anything to be searched. */
    fun show(muster: Muster, typed: String) {
        val question = ++asked
        worker.execute {
            val hidden = isHidden(muster)
            val hits = search(muster, typed)
            main.post {
                if (question != asked || closed) return@post
                screen.onHidden(hidden)
                draw(muster, typed, hits)
            }
        }
    }

    private fun isHidden(muster: Muster) = try {
        muster.directory.count()
        false
    } catch (_: MusterException.Locked) {
        true
    } catch (_: MusterException) {
        // Broken or closed: the state says so.
        false
    }

    private fun search(muster: Muster, typed: String): List<SearchHit>? = try {
        if (typed.isBlank()) emptyList() else muster.directory.search(typed)
    } catch (_: MusterException) {
        // Hidden, broken or closed: the state says so, where it is read first.
        null
    }

    private fun draw(muster: Muster, typed: String, hits: List<SearchHit>?) {
        fill(muster, hits.orEmpty())
        val nobody = typed.isNotBlank() && hits != null && hits.isEmpty()
        notice.showOrHide(if (nobody) box.context.getString(R.string.nobody_found) else null)
    }

    private fun fill(muster: Muster, hits: List<SearchHit>) {
        if (hits == shown) return
        shown = hits
        box.removeAllViews()
        hits.forEach { box.addView(row(muster, PersonRow(it))) }
    }

    private fun row(muster: Muster, row: PersonRow): View {
        val view = LayoutInflater.from(box.context).inflate(R.layout.person, box, false)
        val reason = row.reason?.let(box.context::getString)
        view.findViewById<TextView>(R.id.name).text = marked(row.name)
        view.findViewById<TextView>(R.id.about).showOrHide(marked(row.about))
        view.findViewById<TextView>(R.id.reason).showOrHide(reason)
        view.contentDescription = listOfNotNull(row.name.text, row.about.text, reason).filter { it.isNotEmpty() }.joinToString(", ")
        view.setOnClickListener { showPerson(muster, row.id) }
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

    private fun showPerson(muster: Muster, id: String) = worker.execute {
        try {
            val contact = muster.directory.contact(id)
            val photo = if (contact.photo) PersonDialog.photo(muster.directory.photo(id)) else null
            main.post { if (!closed) screen.show(PersonDialog.of(box.context, PersonCard(contact, box.resources), photo, screen::open)) }
        } catch (_: MusterException) {
            // Gone or hidden since it was found: the next search says so.
        }
    }
}
