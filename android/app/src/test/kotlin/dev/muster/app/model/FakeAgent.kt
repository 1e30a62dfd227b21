package dev.muster.app.model

import dev.muster.ffi.startingState
import dev.muster.sdk.ActivationCode
import dev.muster.sdk.Contact
import dev.muster.sdk.ContactEmail
import dev.muster.sdk.ContactPhone
import dev.muster.sdk.ContactsState
import dev.muster.sdk.Evidence
import dev.muster.sdk.FlagSetting
import dev.muster.sdk.Headline
import dev.muster.sdk.LicencePhase
import dev.muster.sdk.LinkVerdict
import dev.muster.sdk.LockedException
import dev.muster.sdk.MatchedField
import dev.muster.sdk.MatchedRange
import dev.muster.sdk.MusterState
import dev.muster.sdk.NotFoundException
import dev.muster.sdk.Organization
import dev.muster.sdk.PhoneKind
import dev.muster.sdk.PlaceKind
import dev.muster.sdk.SearchHit
import dev.muster.sdk.StatusLine
import dev.muster.sdk.StatusLineKind
import dev.muster.sdk.SupportChannel
import dev.muster.sdk.SupportKind
import dev.muster.sdk.Tone
import dev.muster.sdk.Words
import java.util.concurrent.Executor

/** An agent that says what a test wants. */
internal class FakeAgent(override var state: MusterState = Made.state()) : AgentAccess {
    /** What was asked of it, in order. */
    val asked = mutableListOf<String>()
    var people: Map<String, Contact> = emptyMap()
    var verdict: LinkVerdict? = null
    private var listener: ((MusterState) -> Unit)? = null

    val isWatched get() = listener != null

    /** Says a new state, as the agent does. */
    fun says(next: MusterState) {
        state = next
        listener?.invoke(next)
    }

    override fun watch(listener: (MusterState) -> Unit) {
        this.listener = listener
    }

    override fun unwatch() {
        listener = null
    }

    override fun onForeground() {
        asked += "foreground"
    }

    override fun checkNow() {
        asked += "check now"
    }

    override fun activate(evidence: Evidence, serverUrl: String?) {
        asked += "activate ${(evidence as ActivationCode).code} at $serverUrl"
    }

    override fun acceptLink(url: String) {
        asked += "accept $url"
    }

    override fun previewLink(url: String) = verdict ?: throw LockedException("no verdict")

    override fun search(typed: String): List<SearchHit> {
        asked += "search $typed"
        if (!state.contacts.readable) throw LockedException("hidden")
        return people.values.filter { typed.lowercase() in it.name.lowercase() }.map { Made.hit(it) }
    }

    override fun contact(id: String) = people[id] ?: throw NotFoundException("gone")

    override fun photo(id: String) = byteArrayOf(1, 2, 3)
}

/** Work that waits until a test lets it go. */
internal class Later : Executor {
    private val waiting = ArrayDeque<Runnable>()

    override fun execute(work: Runnable) {
        waiting += work
    }

    fun runs() {
        while (waiting.isNotEmpty()) waiting.removeFirst().run()
    }
}

/** Texts by their names. */
internal object PlainWording : Wording {
    override val language = "en"
    override val appName = "App"

    override fun text(phrase: Phrase, argument: String) = "$phrase $argument".trim()

    override fun moment(text: String) = if (text.startsWith("2026")) "a moment ago" else null
}

/** Values for tests: nobody in them exists. */
internal object Made {
    val letters = Characters { text -> text.indices.map { Stretch(it, it + 1) } }

    val page = SupportChannel(SupportKind.PAGE, "https://it.contoso.example/", "https://it.contoso.example/")

    /** A phone on which all is well, with people. */
    fun state(
        isReady: Boolean = true,
        readable: Boolean = true,
        count: Long = 2_000,
        phase: LicencePhase = LicencePhase.ACTIVE,
        canActivate: Boolean = false,
        headline: Headline = Headline("This phone meets the rules", Tone.GOOD),
        lines: List<StatusLine> = listOf(line(StatusLineKind.PHASE, "Active"), line(StatusLineKind.PEOPLE, "2,000 people")),
        support: List<SupportChannel> = emptyList(),
        blocksPictures: Boolean = false,
    ): MusterState {
        val start = startingState("en")
        return start.copy(
            isReady = isReady,
            headline = headline,
            lines = lines,
            licence = start.licence.copy(phase = phase),
            canActivate = canActivate,
            organization = Organization("Contoso", "mdm.contoso.example"),
            contacts = ContactsState(readable, if (readable) null else Words("Hidden.", "Wait."), count, 1, null, 0, emptyList()),
            settings = start.settings.copy(blockScreenshots = FlagSetting(blocksPictures, false)),
            support = support,
        )
    }

    fun line(kind: StatusLineKind, text: String, moment: String? = null) = StatusLine(kind, text, moment)

    fun contact(name: String, photo: Boolean = false) = Contact(
        id = "id-$name",
        name = name,
        organization = "Contoso",
        title = "Nurse",
        phones = listOf(
            ContactPhone(PhoneKind.MOBILE, "0170 123", "+49170123", "+49170123"),
            ContactPhone(PhoneKind.FAX, "089 99", null, null),
        ),
        emails = listOf(ContactEmail(PlaceKind.OTHER, "$name@contoso.example", "mailto:$name@contoso.example")),
        details = emptyList(),
        photo = photo,
    )

    fun hit(contact: Contact, vararg fields: MatchedField) = SearchHit(
        id = contact.id,
        name = contact.name,
        organization = contact.organization,
        title = contact.title,
        matched = fields.map { MatchedRange(it, null, 0, 2) },
    )
}
