package dev.muster.sdk

import dev.muster.ffi.OpenFailure
import dev.muster.ffi.contactDetailLabel
import dev.muster.ffi.contactEmailLabel
import dev.muster.ffi.contactPhoneLabel
import dev.muster.ffi.openFailureWords

/** What a person reads when the agent could not be opened, in the language of the BCP 47 tag `language`. */
public fun MusterException.words(language: String): Words {
    val failure = when (this) {
        is InUseException -> OpenFailure.IN_USE
        is FullException -> OpenFailure.FULL
        else -> OpenFailure.UNUSABLE
    }
    return openFailureWords(failure, language)
}

/** What the number is called, in the language of the BCP 47 tag `language`. */
public fun ContactPhone.label(language: String): String = contactPhoneLabel(kind, language)

/** What the address is called, in the language of the BCP 47 tag `language`. */
public fun ContactEmail.label(language: String): String = contactEmailLabel(kind, language)

/** What the detail is called, in the language of the BCP 47 tag `language`. */
public fun ContactDetail.label(language: String): String = contactDetailLabel(kind, language)
