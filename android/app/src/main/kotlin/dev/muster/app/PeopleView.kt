package dev.muster.app

import android.app.AlertDialog
import android.content.Intent
import android.net.Uri
import android.view.LayoutInflater
import android.view.View
import android.widget.LinearLayout
import android.widget.TextView
import dev.muster.ffi.MusterException
import dev.muster.ffi.SearchHit
import dev.muster.sdk.Muster

/** Search results, as one types. */
internal class PeopleView(private val box: LinearLayout, private val notice: TextView, private val open: (Intent) -> Unit) {
    private var shown: List<SearchHit> = emptyList()

    fun show(muster: Muster, typed: String) {
        if (typed.isBlank()) {
            fill(muster, emptyList())
            // Before anything is typed, only what keeps the people from being read.
            return say(if (muster.state.isReady) hiddenWords(muster) else null)
        }
        try {
            val hits = muster.directory.search(typed)
            fill(muster, hits)
            say(if (hits.isEmpty()) box.context.getString(R.string.nobody_found) else null)
        } catch (_: MusterException.Locked) {
            fill(muster, emptyList())
            say(hiddenWords(muster) ?: box.context.getString(R.string.nobody_found))
        } catch (_: MusterException) {
            // Broken or closed: the state says so.
            fill(muster, emptyList())
            say(null)
        }
    }

    private fun hiddenWords(muster: Muster): String? {
        val hidden = try {
            muster.directory.count()
            false
        } catch (_: MusterException.Locked) {
            true
        } catch (_: MusterException) {
            false
        }
        val words = muster.state.whyHidden
        return if (hidden) listOf(words.text, words.next).joinToString(" ") else null
    }

    private fun say(words: String?) {
        notice.text = words
        notice.visibility = if (words.isNullOrBlank()) View.GONE else View.VISIBLE
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
        val calls = person.phones.map { context.getString(R.string.call, it.number) to Intent(Intent.ACTION_DIAL, Uri.fromParts("tel", it.e164 ?: it.number, null)) }
        val mails = person.emails.map { context.getString(R.string.write, it.address) to Intent(Intent.ACTION_SENDTO, Uri.fromParts("mailto", it.address, null)) }
        val ways = calls + mails
        AlertDialog.Builder(context)
            .setTitle(person.name)
            .setItems(ways.map { it.first }.toTypedArray()) { _, which -> open(ways[which].second) }
            .setPositiveButton(R.string.close, null)
            .show()
    }
}
