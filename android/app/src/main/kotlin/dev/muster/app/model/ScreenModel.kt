package dev.muster.app.model

import dev.muster.sdk.ActivationCode
import dev.muster.sdk.LicencePhase
import dev.muster.sdk.MusterException
import dev.muster.sdk.MusterState
import dev.muster.sdk.SearchHit
import dev.muster.sdk.SupportChannel
import dev.muster.sdk.words
import java.util.concurrent.Executor

/**
 * The one screen, without a screen: what stands on it, and what its controls do. Views draw it
 * whenever `onChange` is called, and decide nothing.
 *
 * All of it happens on the screen's thread but searches and cards, which are read on `worker`: the
 * first search reads all contacts in.
 */
internal class ScreenModel(
    private val wording: Wording,
    private val characters: Characters,
    private val worker: Executor,
    private val screen: Executor,
    private val open: () -> Result<AgentAccess>,
    private val onChange: () -> Unit,
) {
    /** What the screen is about. */
    enum class Stage {
        /** The agent is open. */
        OPEN,

        /** There is no agent: it can't be opened, or it met an error in itself. The person can try again. */
        STOPPED,
    }

    /** What lies over the screen: one thing at a time. */
    sealed interface Sheet {
        /** A contact. */
        data class Person(val card: PersonCard) : Sheet

        /** An activation link. */
        data class Link(val question: LinkQuestion) : Sheet
    }

    /** What the screen is about. */
    var stage = Stage.OPEN
        private set

    /** How the phone stands. */
    var summary = Summary.stopped("", wording)
        private set

    /** What is to be seen to, the most severe first. */
    var findings: List<FindingCard> = emptyList()
        private set

    /** There are people to be searched. */
    var canSearch = false
        private set

    /** Whoever was found. */
    var rows: List<PersonRow> = emptyList()
        private set

    /** What there is to say of what was typed; null if nothing. */
    var notice: String? = null
        private set

    /** The phone can be activated by the person. */
    var canActivate = false
        private set

    /** How the support is reached, where the app can do no more. */
    var support: Way? = null
        private set

    /** The company does not want its contents in pictures of the screen. */
    var hidesFromPictures = false
        private set

    /** There is something that a notification could be about. */
    var wantsNotifications = false
        private set

    /** What lies over the screen. */
    var sheet: Sheet? = null
        private set

    /** An activation link that the person has neither accepted nor refused yet. */
    var link: String? = null
        private set

    private var agent: AgentAccess? = null
    private var shown: MusterState? = null
    private var typed = ""
    private var asked = 0

    /** What the button says that is always there. */
    val button: String get() = wording.text(if (stage == Stage.STOPPED) Phrase.OPEN_AGAIN else Phrase.CHECK_NOW)

    /** The same, as it is read out. */
    val buttonSpoken: String get() = wording.text(if (stage == Stage.STOPPED) Phrase.OPEN_AGAIN else Phrase.CHECK_NOW_SPOKEN)

    // The agent.

    /** The screen is seen: connects it with the agent, and opens the agent anew if it has ended. */
    fun connect() {
        agent?.unwatch()
        open().fold(
            onSuccess = { opened ->
                agent = opened
                opened.watch(::show)
                opened.onForeground()
                show(opened.state)
                askAboutLink()
            },
            onFailure = { error ->
                agent = null
                val words = (error as MusterException).words(wording.language)
                stop("${words.text} ${words.next}")
            },
        )
    }

    /** The screen is not seen any more. */
    fun disconnect() {
        agent?.unwatch()
    }

    private fun show(state: MusterState) {
        if (state.isBroken) return stop(state.headline.text)
        val had = shown
        shown = state
        stage = Stage.OPEN
        summary = Summary.of(state, wording)
        findings = state.findings.map(::FindingCard)
        canSearch = state.isReady && state.contacts.readable
        canActivate = state.canActivate
        support = if (state.isReady && !canSearch) state.support.firstOrNull()?.let(::wayTo) else null
        hidesFromPictures = state.settings.blockScreenshots.isOn
        wantsNotifications = state.isReady && state.licence.phase == LicencePhase.ACTIVE
        // Somebody's card goes with the rest.
        if (!canSearch && sheet is Sheet.Person) sheet = null
        if (state.contacts != had?.contacts || state.isReady != had.isReady) search()
        onChange()
    }

    private fun wayTo(channel: SupportChannel): Way = Way.Open(channel.uri)

    /** What was shown may not be seen any more, and can't be asked for either. */
    private fun stop(why: String) {
        stage = Stage.STOPPED
        shown = null
        summary = Summary.stopped(why, wording)
        findings = emptyList()
        canSearch = false
        canActivate = false
        support = null
        wantsNotifications = false
        if (sheet is Sheet.Person) sheet = null
        search()
        onChange()
    }

    /** The button that is always there. */
    fun press() {
        if (stage == Stage.STOPPED) connect() else agent?.checkNow()
    }

    // People.

    /** The person typed. */
    fun type(text: String) {
        typed = text
        search()
        onChange()
    }

    private fun search() {
        val question = ++asked
        val agent = agent
        if (agent == null || !canSearch || typed.isBlank()) {
            rows = emptyList()
            notice = null
            return
        }
        val text = typed
        worker.execute {
            val hits = attempt { agent.search(text) }
            screen.execute { if (question == asked) found(hits) }
        }
    }

    /** `null` where nothing could be read: the state says so, where it is read first. */
    private fun found(hits: List<SearchHit>?) {
        rows = hits.orEmpty().map { PersonRow.of(it, wording, characters) }
        notice = if (hits != null && hits.isEmpty()) wording.text(Phrase.NOBODY_FOUND) else null
        onChange()
    }

    /** Shows a contact. */
    fun showPerson(id: String) {
        val agent = agent ?: return
        worker.execute {
            // Gone or hidden since it was found: the next search says so.
            val contact = attempt { agent.contact(id) } ?: return@execute
            val photo = if (contact.photo) attempt { agent.photo(id) } else null
            val card = PersonCard(contact, photo, wording)
            screen.execute { if (canSearch) lay(Sheet.Person(card)) }
        }
    }

    // What lies over the screen.

    private fun lay(next: Sheet) {
        sheet = next
        onChange()
    }

    /** The person closed what lay over the screen, or said no to it. */
    fun close() {
        if (sheet is Sheet.Link) link = null
        sheet = null
        onChange()
    }

    // Activation.

    /** The person sent the form. */
    fun activate(server: String, code: String) {
        val evidence = ActivationCode(code.trim().ifEmpty { return })
        agent?.activate(evidence, server.trim().ifEmpty { null })
    }

    /** An activation link was opened. Before the agent is open it waits. */
    fun openLink(url: String) {
        link = url
        askAboutLink()
    }

    private fun askAboutLink() {
        val url = link ?: return
        // It may have just ended: the screen says so, and asks when it is open again.
        val verdict = attempt { agent?.previewLink(url) } ?: return
        lay(Sheet.Link(LinkQuestion.of(url, verdict)))
    }

    /** The person said yes to the link. */
    fun acceptLink() {
        val question = (sheet as? Sheet.Link)?.question
        if (question?.canBeAccepted == true) agent?.acceptLink(question.url)
        close()
    }

    private inline fun <T> attempt(ask: () -> T): T? = try {
        ask()
    } catch (_: MusterException) {
        null
    }
}
