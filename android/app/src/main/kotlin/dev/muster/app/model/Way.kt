package dev.muster.app.model

import dev.muster.sdk.ButtonTarget
import dev.muster.sdk.MendAction
import dev.muster.sdk.PageTarget
import dev.muster.sdk.PhoneTarget
import dev.muster.sdk.SignInTarget
import dev.muster.sdk.SupportTarget

/** What a tap leads to. */
internal sealed interface Way {
    /** Another app opens an address: a page, a mail, a call. */
    data class Open(val uri: String) : Way

    /** A place of the phone. */
    data class Place(val place: MendAction) : Way

    /** Where a code is typed, on this very screen. */
    data object SignIn : Way

    companion object {
        /** Where the button of a finding leads. */
        fun of(target: ButtonTarget): Way = when (target) {
            is PageTarget -> Open(target.url)
            is SupportTarget -> Open(target.channel.uri)
            is PhoneTarget -> Place(target.place)
            is SignInTarget -> SignIn
        }
    }
}
