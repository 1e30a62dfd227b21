package dev.muster.sdk

import android.os.Bundle
import dev.muster.ffi.EffectOutcome
import dev.muster.ffi.Event
import dev.muster.ffi.LogLevel
import dev.muster.ffi.MusterAgent
import dev.muster.ffi.MusterAgentInterface
import dev.muster.ffi.Now
import dev.muster.ffi.PhoneEffect
import java.util.concurrent.CopyOnWriteArrayList
import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit

/** A phone with real everything but keys and notifications, whose agent can be closed and opened. */
class TestPhone(private val profile: String, private val logLevel: LogLevel = LogLevel.WARN) : AutoCloseable {
    /** Its keys. */
    val vault = SoftwareVault()

    /** What the agent wanted on the phone. */
    val effects = RecordedEffects()

    /** The managed configuration as the system has it. */
    @Volatile
    var configuration: Bundle? = null

    /** The open agent. */
    lateinit var muster: Muster
        private set

    /** Puts a configuration on the phone, as a console does, before the app is opened. */
    fun configured(vararg settings: Pair<String, Any>): TestPhone {
        configuration = bundleOf(*settings)
        return this
    }

    /** The moment at which time stands still, if it does: then nothing happens by itself. */
    @Volatile
    var stopped: Now? = null

    /** Time stands still from now on. */
    fun stopsTheClock(): TestPhone {
        stopped = now()
        return this
    }

    private fun now() = stopped ?: Now(System.currentTimeMillis(), System.nanoTime() / 1_000_000, BOOT)

    /** What stands between the shell and the agent, if anything. */
    var between: (MusterAgentInterface) -> MusterAgentInterface = { it }

    /** Opens the agent, as a new process does. */
    fun opened(): TestPhone {
        val parts = MusterParts(
            clock = ::now,
            vault = vault,
            transport = OkHttpTransport(),
            effects = effects,
            configuration = { RestrictionsReader.of(configuration) },
        )
        val options = MusterOptions(profile = profile, logLevel = logLevel)
        muster = Muster.open(Surroundings.context, options, parts) { agent, now -> between(MusterAgent.open(agent, now)) }
        return this
    }

    /** Ends the agent, as the end of a process does: nothing is finished, nothing answered. */
    fun closed(): TestPhone {
        muster.close()
        return this
    }

    /** Waits until the agent's state is as wanted: it works with a real server in a real process. */
    fun until(what: String, wanted: (MusterState) -> Boolean): MusterState {
        val end = System.nanoTime() + PATIENCE_NS
        while (System.nanoTime() < end) {
            val state = muster.state
            if (wanted(state)) return state
            Thread.sleep(POLL_MS)
        }
        throw AssertionError("never $what; at last ${muster.state}")
    }

    /** Waits until there is nothing more to be done for now. */
    fun untilQuiet() {
        val quiet = CountDownLatch(1)
        val listener = { quiet.countDown() }
        muster.addQuietListener(listener)
        check(quiet.await(PATIENCE_NS, TimeUnit.NANOSECONDS)) { "never quiet; at last ${muster.state}" }
        muster.removeQuietListener(listener)
    }

    /** Does something with the agent between two steps, and gives what it gave. */
    fun <T> between(work: (MusterAgentInterface) -> T): Result<T> {
        val answer = java.util.concurrent.CompletableFuture<Result<T>>()
        muster.withAgent { answer.complete(runCatching { work(it) }) }
        return answer.get()
    }

    /** Something happens. */
    fun sees(event: Event) = muster.handle(event)

    override fun close() {
        if (::muster.isInitialized) muster.close()
    }

    private companion object {
        const val BOOT = 7L
        const val PATIENCE_NS = 60_000_000_000L
        const val POLL_MS = 5L
    }
}

/** Remembers effects and answers as it is told. */
class RecordedEffects : Effects {
    /** All that were handed out. */
    val seen = CopyOnWriteArrayList<PhoneEffect>()

    /** Whether feedback is answered at all: a process that dies does not. */
    @Volatile
    var answersFeedback = true

    /** Whether the phone fails while an effect is carried out. */
    @Volatile
    var throws = false

    override fun carryOut(effect: PhoneEffect, done: (EffectOutcome) -> Unit) {
        seen += effect
        if (throws) throw IllegalStateException("planned")
        if (answersFeedback || effect !is PhoneEffect.PublishFeedback) done(EffectOutcome.DONE)
    }
}

/** A Bundle of what a console sends. */
fun bundleOf(vararg settings: Pair<String, Any>) = Bundle().apply {
    for ((key, value) in settings) {
        when (value) {
            is Boolean -> putBoolean(key, value)
            is Int -> putInt(key, value)
            is String -> putString(key, value)
            is Bundle -> putBundle(key, value)
            else -> error("no setting is a ${value.javaClass}")
        }
    }
}
