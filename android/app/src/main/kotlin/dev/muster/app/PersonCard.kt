package dev.muster.app

import android.content.Intent
import android.content.res.Resources
import android.net.Uri
import dev.muster.ffi.Contact
import dev.muster.ffi.ContactAddress
import dev.muster.ffi.PhoneKind
import dev.muster.ffi.PlaceKind

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

    val name = contact.name

    /** Position and organisation. */
    val about = listOfNotNull(contact.title, contact.organization).filter { it.isNotEmpty() }.joinToString(", ")

    val ways: List<Way> = contact.phones.map { phone ->
        val kind = resources.getString(kind(phone.kind))
        val number = Uri.fromParts("tel", phone.e164 ?: phone.number, null)
        if (phone.kind in NOT_TO_BE_CALLED) {
            Way(kind, phone.number, "$kind: ${phone.number}", null)
        } else {
            Way(kind, phone.number, "$kind: ${resources.getString(R.string.call, phone.number)}", Intent(Intent.ACTION_DIAL, number))
        }
    } + contact.emails.map { email ->
        val kind = resources.getString(kind(email.kind, R.string.kind_email))
        Way(kind, email.address, "$kind: ${resources.getString(R.string.write, email.address)}", Mending.mail(email.address))
    }

    val facts: List<Fact> = buildList {
        contact.department?.let { add(Fact(resources.getString(R.string.label_department), it)) }
        contact.addresses.forEach { add(Fact(resources.getString(kind(it.kind, R.string.kind_address)), lines(it))) }
        if (contact.categories.isNotEmpty()) {
            add(
                Fact(resources.getString(R.string.label_categories), contact.categories.joinToString(", ")),
            )
        }
        contact.note?.let { add(Fact(resources.getString(R.string.label_note), it)) }
    }.filter { it.text.isNotBlank() }

    private fun lines(address: ContactAddress): String {
        val town = listOf(address.postalCode, address.city).filter { it.isNotEmpty() }.joinToString(" ")
        return listOf(address.street, town, address.region, address.country).filter { it.isNotEmpty() }.joinToString("\n")
    }

    private fun kind(kind: PhoneKind) = when (kind) {
        PhoneKind.MOBILE -> R.string.kind_mobile
        PhoneKind.WORK -> R.string.kind_work
        PhoneKind.HOME -> R.string.kind_home
        PhoneKind.FAX -> R.string.kind_fax
        PhoneKind.PAGER -> R.string.kind_pager
        PhoneKind.OTHER -> R.string.kind_phone
    }

    private fun kind(kind: PlaceKind, other: Int) = when (kind) {
        PlaceKind.WORK -> R.string.kind_work
        PlaceKind.HOME -> R.string.kind_home
        PlaceKind.OTHER -> other
    }

    private companion object {
        val NOT_TO_BE_CALLED = setOf(PhoneKind.FAX, PhoneKind.PAGER)
    }
}
