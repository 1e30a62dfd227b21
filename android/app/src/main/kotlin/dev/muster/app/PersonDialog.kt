package dev.muster.app

import android.app.AlertDialog
import android.content.Context
import android.graphics.Bitmap
import android.graphics.BitmapFactory
import android.view.LayoutInflater
import android.view.View
import android.view.ViewGroup
import android.widget.ImageView
import android.widget.TextView
import dev.muster.app.model.PersonCard
import dev.muster.app.model.Way

/** Somebody's card, with all that is known of them. */
internal object PersonDialog {
    fun of(context: Context, card: PersonCard, open: (Way) -> Unit): AlertDialog.Builder {
        val view = LayoutInflater.from(context).inflate(R.layout.person_card, null)
        view.findViewById<TextView>(R.id.person_name).text = card.name
        view.findViewById<TextView>(R.id.person_about).showOrHide(card.about)
        view.findViewById<ImageView>(R.id.photo).run {
            val photo = card.photo?.let(::photo)
            showIf(photo != null)
            setImageBitmap(photo)
            contentDescription = context.getString(R.string.photo_of, card.name)
            clipToOutline = true
        }
        val list = view.findViewById<ViewGroup>(R.id.person_lines)
        card.ways.forEach { list.addView(way(list, it, open)) }
        card.facts.forEach { list.addView(line(list, it.label, it.text)) }
        return AlertDialog.Builder(context).setView(view).setPositiveButton(R.string.close, null)
    }

    private fun way(list: ViewGroup, reach: PersonCard.Reach, open: (Way) -> Unit): View {
        val view = line(list, reach.kind, reach.text)
        view.contentDescription = reach.spoken
        val way = reach.way ?: return view
        view.setOnClickListener { open(way) }
        view.findViewById<TextView>(R.id.line_text).setTextColor(list.context.getColor(R.color.accent))
        return view
    }

    private fun line(list: ViewGroup, label: String, text: String): View {
        val view = LayoutInflater.from(list.context).inflate(R.layout.person_line, list, false)
        view.findViewById<TextView>(R.id.line_label).text = label
        view.findViewById<TextView>(R.id.line_text).text = text
        return view
    }

    /** An image of whatever format the card had, not much larger than it is shown; null if it is none. */
    private fun photo(bytes: ByteArray): Bitmap? {
        val bounds = BitmapFactory.Options().apply { inJustDecodeBounds = true }
        BitmapFactory.decodeByteArray(bytes, 0, bytes.size, bounds)
        val options = BitmapFactory.Options()
        while (maxOf(bounds.outWidth, bounds.outHeight) / options.inSampleSize.coerceAtLeast(1) > PHOTO_PX) {
            options.inSampleSize = options.inSampleSize.coerceAtLeast(1) * 2
        }
        return BitmapFactory.decodeByteArray(bytes, 0, bytes.size, options)
    }

    private const val PHOTO_PX = 1_024
}
