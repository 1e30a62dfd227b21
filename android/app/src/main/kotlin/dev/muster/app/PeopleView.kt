package dev.muster.app

import android.app.AlertDialog
import android.content.Intent
import android.net.Uri
import android.os.Handler
import android.os.Looper
import android.view.LayoutInflater
import android.view.View
import android.widget.LinearLayout
import android.widget.TextView
import dev.muster.ffi.MusterException
import dev.muster.ffi.SearchHit
import dev.muster.sdk.Muster
import java.util.concurrent.Executors

/** Search results, as one types. */
internal class PeopleView(private val box: LinearLayout, private val notice: TextView, private val open: (Intent) -> Unit) {
    private val worker = Executors.newSingleThreadExecutor { Thread(it, "search").apply { isDaemon = true } }
    private val main = Handler(Looper.getMainLooper())
    private var asked = 0
    private var shown: List<SearchHit> = emptyList()

    /** Nothing is drawn any more. */
    fun close() {
        asked++
        worker.shutdown()
    }

    /** Searches off the main thread: the first search reads all contacts in. */
    fun show(muster: Muster, typed: String) {
        val question = ++asked
        worker.execute {
            val hits = search(muster, typed)
            main.post { if (question == asked) draw(muster, typed, hits) }
        }
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
        notice.text = if (nobody) box.context.getString(R.string.nobody_found) else null
        notice.visibility = if (nobody) View.VISIBLE else View.GONE
    }

    /** Why there is nobody to be searched for; null if there is. */
    fun whyHidden(muster: Muster): String? = try {
        muster.directory.count()
        null
    } catch (_: MusterException.Locked) {
        muster.state.whyHidden.run { listOf(text, next) }.joinToString(" ")
    } catch (_: MusterException) {
        null
    }

    private fun fill(muster: Muster, hits: List<SearchHit>) {
        if (hits == shown) return
        shown = hits
        box.removeAllViews()
        hits.forEach { box.addView(row(muster, it)) }
    }

    private fun row(muster: Muster, hit: SearchHit): View {
        val row = LayoutInflater.from(box.context).inflate(R.layout.person, box, false)
        val about = listOfNotNull(hit.title, hit.organization).joinToString(", ")
        row.findViewById<TextView>(R.id.name).text = hit.name
        row.findViewById<TextView>(R.id.about).run {
            text = about
            visibility = if (about.isEmpty()) View.GONE else View.VISIBLE
        }
        row.contentDescription = listOf(hit.name, about).filter { it.isNotEmpty() }.joinToString(", ")
        row.setOnClickListener { showPerson(muster, hit.id) }
        return row
    }

    private fun showPerson(muster: Muster, id: String) {
        val person = try {
            muster.directory.contact(id)
        } catch (_: MusterException) {
            // Gone or hidden since it was found.
            return
        }
        val context = box.context
        val calls = person.phones.map {
            context.getString(R.string.call, it.number) to
                Intent(Intent.ACTION_DIAL, Uri.fromParts("tel", it.e164 ?: it.number, null))
        }
        val mails = person.emails.map {
            context.getString(R.string.write, it.address) to
                Intent(Intent.ACTION_SENDTO, Uri.fromParts("mailto", it.address, null))
        }
        val ways = calls + mails
        AlertDialog.Builder(context)
            .setTitle(person.name)
            .setItems(ways.map { it.first }.toTypedArray()) { _, which -> open(ways[which].second) }
            .setPositiveButton(R.string.close, null)
            .show()
    }
}
