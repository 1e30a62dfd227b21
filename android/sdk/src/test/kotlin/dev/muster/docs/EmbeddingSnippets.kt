// The code of docs/embedding.md, compiled; EmbeddingTest compares the two.
package dev.muster.docs

import android.app.Activity
import android.app.Application
import android.content.Context
import android.os.Bundle
import dev.muster.sdk.ActivationCode
import dev.muster.sdk.EffectOutcome
import dev.muster.sdk.KeyVault
import dev.muster.sdk.LockedException
import dev.muster.sdk.Muster
import dev.muster.sdk.MusterListener
import dev.muster.sdk.MusterOptions
import dev.muster.sdk.MusterParts
import dev.muster.sdk.RefusedLink
import dev.muster.sdk.RestrictionsReader
import dev.muster.sdk.UsableLink

private val shown = mutableListOf<String>()

internal fun show(vararg words: String?) {
    shown += words.filterNotNull()
}

// begin: open
class YourApplication : Application() {
    lateinit var muster: Muster

    override fun onCreate() {
        super.onCreate()
        muster = Muster.open(this)
    }
}
// end

// begin: state
class StatusActivity : Activity() {
    private val muster get() = (application as YourApplication).muster
    private val listener = MusterListener { state ->
        title = state.organization?.name
        show(state.headline.text)
        state.lines.forEach { line -> show(line.text.replace("{moment}", line.moment.orEmpty())) }
        state.findings.forEach { finding -> show(finding.title, finding.explanation, finding.button?.label) }
    }

    override fun onStart() {
        super.onStart()
        muster.addListener(listener)
        muster.onForeground()
    }

    override fun onStop() {
        muster.removeListener(listener)
        super.onStop()
    }
}
// end

// begin: search
fun find(muster: Muster, typed: String): List<String> = try {
    muster.directory.search(typed).map { it.name }
} catch (_: LockedException) {
    // Not activated yet, hidden by a rule, or erased: say why.
    muster.state.contacts.whyHidden?.let { listOf(it.text, it.next) }.orEmpty()
}
// end

// begin: caller
fun nameOf(muster: Muster, number: String): String? {
    val caller = muster.directory.lookUpCaller(number)
    return caller.contacts.singleOrNull()?.name
}
// end

// begin: activate
fun linkOpened(muster: Muster, url: String, confirm: (question: String) -> Boolean) {
    // A link never acts by itself: the person sees where it leads, and says yes.
    when (val verdict = muster.previewLink(url)) {
        is UsableLink -> if (confirm(verdict.preview.title)) muster.acceptLink(url)
        is RefusedLink -> show(verdict.words.text, verdict.words.next)
    }
}

fun codeTyped(muster: Muster, code: String) = muster.activate(ActivationCode(code))
// end

// begin: reopen
fun healthy(application: Application, muster: Muster): Muster {
    if (!muster.state.isBroken) return muster
    muster.close()
    return Muster.open(application)
}
// end

// begin: parts
fun openForTests(context: Context, vault: KeyVault, restrictions: Bundle): Muster {
    val usual = Muster.parts(context)
    val parts = MusterParts(
        clock = usual.clock,
        vault = vault,
        transport = usual.transport,
        effects = { _, done -> done(EffectOutcome.DONE) },
        configuration = { RestrictionsReader.of(restrictions) },
    )
    return Muster.open(context, MusterOptions(profile = "test"), parts)
}
// end
