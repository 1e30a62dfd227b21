package dev.muster.app.model

import dev.muster.sdk.Contact
import dev.muster.sdk.label

/** A contact as it is shown: to be read, called and written to, never to be changed. */
internal class PersonCard(
    contact: Contact,
    /** The bytes of an image, of whatever format the card had; null if there is none. */
    val photo: ByteArray?,
    wording: Wording,
) {
    /** A way to reach somebody. */
    data class Reach(
        /** What kind of number or address it is. */
        val kind: String,
        /** The number or address as the card has it. */
        val text: String,
        /** What is read out. */
        val spoken: String,
        /** What a tap opens; null for what can't be called or written to. */
        val way: Way?,
    )

    /** Something known of somebody. */
    data class Fact(val label: String, val text: String)

    /** The contact's id. */
    val id = contact.id

    /** The name. */
    val name = contact.name

    /** Position and organisation. */
    val about = listOfNotNull(contact.title, contact.organization).filter { it.isNotEmpty() }.joinToString(", ")

    /** How to reach them. */
    val ways: List<Reach> = contact.phones.map { phone ->
        val kind = phone.label(wording.language)
        val call = phone.dial?.let { Way.Open("tel:$it") }
        val said = if (call == null) phone.number else wording.text(Phrase.CALL, phone.number)
        Reach(kind, phone.number, "$kind: $said", call)
    } + contact.emails.map { email ->
        val kind = email.label(wording.language)
        val said = wording.text(Phrase.WRITE, email.address)
        Reach(kind, email.address, "$kind: $said", email.mailUri?.let(Way::Open))
    }

    /** What else is known. */
    val facts: List<Fact> = contact.details.map { Fact(it.label(wording.language), it.text) }
}
