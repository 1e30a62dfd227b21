package dev.muster.app

import android.content.Intent
import android.content.res.Resources
import android.net.Uri
import dev.muster.ffi.Contact
import dev.muster.ffi.contactDetailLabel
import dev.muster.ffi.contactEmailLabel
import dev.muster.ffi.contactPhoneLabel

/** A contact as it is shown: to be read, called and written to, never to be changed. */
internal class PersonCard(contact: Contact, resources: Resources) {
    /** A way to reach somebody. */
    class Way(
        /** What kind of number or address it is. */
        val kind: String,
        /** The number or address as the card has it. */
        val text: String,
        /** What is read out. */
        val spoken: String,
        /** What a tap opens; null for what can't be called or written to. */
        val intent: Intent?,
    )

    /** Something known of somebody. */
    data class Fact(val label: String, val text: String)

    /** The screen's, so that labels and the texts around them are in one language. */
    private val language = resources.configuration.locales[0].toLanguageTag()

    val name = contact.name

    /** Position and organisation. */
    val about = listOfNotNull(contact.title, contact.organization).filter { it.isNotEmpty() }.joinToString(", ")

    val ways: List<Way> = contact.phones.map { phone ->
        val kind = contactPhoneLabel(phone.kind, language)
        val call = phone.dial?.let { Intent(Intent.ACTION_DIAL, Uri.fromParts("tel", it, null)) }
        val said = if (call == null) phone.number else resources.getString(R.string.call, phone.number)
        Way(kind, phone.number, "$kind: $said", call)
    } + contact.emails.map { email ->
        val kind = contactEmailLabel(email.kind, language)
        Way(kind, email.address, "$kind: ${resources.getString(R.string.write, email.address)}", Mending.mail(email.address))
    }

    val facts: List<Fact> = contact.details.map { Fact(contactDetailLabel(it.kind, language), it.text) }
}
