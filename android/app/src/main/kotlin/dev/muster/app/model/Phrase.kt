package dev.muster.app.model

/** The screen's own texts, as far as it depends on something which of them stand there. */
internal enum class Phrase {
    /** A text was typed that nobody matches. */
    NOBODY_FOUND,

    /** An e-mail address matches, and the row does not show it. */
    MATCHED_EMAIL,

    /** A phone number matches, and the row does not show it. */
    MATCHED_PHONE,

    /** The department matches, and the row does not show it. */
    MATCHED_DEPARTMENT,

    /** Calls somebody; with the number. */
    CALL,

    /** Writes to somebody; with the address. */
    WRITE,

    /** Brings everything up to date. */
    CHECK_NOW,

    /** The same, as it is read out. */
    CHECK_NOW_SPOKEN,

    /** Opens the agent anew. */
    OPEN_AGAIN,
}

/** How the screen says things: its own texts, moments, and the language of labels. */
internal interface Wording {
    /** A BCP 47 tag such as `de-AT`. */
    val language: String

    /** What the app is called. */
    val appName: String

    /** The text of `phrase`, with `argument` where it has a place for it. */
    fun text(phrase: Phrase, argument: String = ""): String

    /** A moment of the agent's (RFC 3339) as people write it here; null if it is none. */
    fun moment(text: String): String?
}
