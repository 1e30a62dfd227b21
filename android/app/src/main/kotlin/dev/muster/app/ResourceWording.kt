package dev.muster.app

import android.content.Context
import android.icu.text.BreakIterator
import android.text.format.DateUtils
import dev.muster.app.model.Characters
import dev.muster.app.model.Phrase
import dev.muster.app.model.Stretch
import dev.muster.app.model.Wording
import java.time.Instant
import java.time.LocalDate
import java.time.ZoneId
import java.time.format.DateTimeParseException
import java.util.Locale

/** The app's own texts, and moments as this phone writes them. */
internal class ResourceWording(private val context: Context) : Wording {
    override val language: String = context.resources.configuration.locales[0].toLanguageTag()

    override val appName: String = context.getString(R.string.app_name)

    override fun text(phrase: Phrase, argument: String): String = context.getString(id(phrase), argument)

    private fun id(phrase: Phrase) = when (phrase) {
        Phrase.NOBODY_FOUND -> R.string.nobody_found
        Phrase.MATCHED_EMAIL -> R.string.matched_email
        Phrase.MATCHED_PHONE -> R.string.matched_phone
        Phrase.MATCHED_DEPARTMENT -> R.string.matched_department
        Phrase.CALL -> R.string.call
        Phrase.WRITE -> R.string.write
        Phrase.CHECK_NOW -> R.string.check_now
        Phrase.CHECK_NOW_SPOKEN -> R.string.check_now_description
        Phrase.OPEN_AGAIN -> R.string.open_again
    }

    override fun moment(text: String): String? {
        val then = try {
            Instant.parse(text).atZone(ZoneId.systemDefault())
        } catch (_: DateTimeParseException) {
            return null
        }
        val isToday = then.toLocalDate() == LocalDate.now()
        val form = DateUtils.FORMAT_SHOW_TIME or if (isToday) 0 else DateUtils.FORMAT_SHOW_DATE or DateUtils.FORMAT_ABBREV_MONTH
        return DateUtils.formatDateTime(context, then.toInstant().toEpochMilli(), form)
    }
}

/** What people take for one character each, by the phone's own rules. */
internal object PhoneCharacters : Characters {
    override fun of(text: String): List<Stretch> = buildList {
        val breaks = BreakIterator.getCharacterInstance(Locale.ROOT).apply { setText(text) }
        var start = breaks.first()
        var end = breaks.next()
        while (end != BreakIterator.DONE) {
            add(Stretch(start, end))
            start = end
            end = breaks.next()
        }
    }
}
