package dev.muster.sdk

import dev.muster.ffi.EffectOutcome
import dev.muster.ffi.HttpFailure
import dev.muster.ffi.HttpHeader
import dev.muster.ffi.MusterAgentInterface
import dev.muster.ffi.MusterException
import dev.muster.ffi.Step
import dev.muster.ffi.VaultFailure
import dev.muster.ffi.VaultOp
import dev.muster.ffi.VaultOutcome
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.Semaphore
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicBoolean

/**
 * The shell's loop, on one thread of its own: asks the agent for its next step, does it, hands the
 * answer back. It decides nothing.
 */
internal class AgentLoop(private val agent: MusterAgentInterface, private val parts: MusterParts, private val watcher: Watcher) {
    /** Told of what happens, on the loop's thread. */
    interface Watcher {
        /** Something may look different now: at most once a turn, and never where nothing was asked of the agent. */
        fun onChanged()

        /** There is nothing to be done before `untilMs`, or at all before something happens; nothing is under way. */
        fun onQuiet(untilMs: Long?)

        /** The agent answers no more. */
        fun onEnded(error: MusterException)
    }

    private val inbox = LinkedBlockingQueue<() -> Unit>()
    private val room = Semaphore(PIECES_UNREAD)
    private val requests = HashSet<Long>()
    private var effectsOpen = 0
    private var mayDiffer = true
    private val thread = Thread(::run, "muster").apply { isDaemon = true }

    fun start() = thread.start()

    /** Does `work` with the agent on the loop's thread. */
    fun post(work: (MusterAgentInterface) -> Unit) {
        inbox.add {
            mayDiffer = true
            work(agent)
        }
    }

    /** Does `work` on the loop's thread; the agent has no part in it. */
    fun between(work: () -> Unit) {
        inbox.add(work)
    }

    /** Ends the loop and waits until it has let go of the agent. */
    fun stop() {
        inbox.add { throw MusterException.Closed("closed") }
        if (Thread.currentThread() !== thread) thread.join()
    }

    private fun run() {
        try {
            while (true) step()
        } catch (e: MusterException) {
            parts.transport.close()
            // Readers of answers that wait for room find that nobody wants their piece any more.
            room.release(PIECES_EVER)
            watcher.onEnded(e)
        }
    }

    private fun step() {
        when (val step = agent.poll(now())) {
            is Step.Send -> {
                requests += step.id
                parts.transport.start(step.id, step.request, Answer(step.id))
            }
            is Step.Cancel -> {
                requests -= step.id
                parts.transport.cancel(step.id)
            }
            is Step.Vault -> agent.onVault(step.id, vault(step.op), now())
            is Step.Effect -> effect(step)
            is Step.Wait -> receive(step.untilMs)
            Step.Idle -> receive(null)
        }
    }

    /** A key store that throws is no reason to take the app down: it is asked again. */
    private fun vault(op: VaultOp): VaultOutcome = try {
        parts.vault.run(op)
    } catch (e: RuntimeException) {
        Log.unexpected("the key store", e)
        failed(VaultFailure.BUSY)
    }

    private fun effect(step: Step.Effect) {
        val answered = AtomicBoolean()
        val done = { outcome: EffectOutcome ->
            if (answered.compareAndSet(false, true)) {
                post {
                    effectsOpen--
                    it.onEffect(step.id, outcome, now())
                }
            }
        }
        effectsOpen++
        try {
            parts.effects.carryOut(step.effect, done)
        } catch (e: RuntimeException) {
            // As when the system's side of a service dies at the wrong moment.
            Log.unexpected("an effect", e)
            done(EffectOutcome.FAILED)
        }
    }

    /** Waits for the next event or answer, not longer than until `untilMs`, and takes all there are. */
    private fun receive(untilMs: Long?) {
        var next = inbox.poll()
        if (next == null) {
            if (mayDiffer) watcher.onChanged()
            mayDiffer = false
            if (requests.isEmpty() && effectsOpen == 0) watcher.onQuiet(untilMs)
            next = if (untilMs == null) inbox.take() else inbox.poll(untilMs - now().elapsedMs, TimeUnit.MILLISECONDS)
            // Time alone changes things, too.
            if (next == null) mayDiffer = true
        }
        while (next != null) {
            take(next)
            next = inbox.poll()
        }
    }

    /** What the agent refuses is an event that never was; everything else ends the loop. */
    private fun take(event: () -> Unit) = try {
        event()
    } catch (e: MusterException.InvalidInput) {
        Log.refused(e)
    } catch (e: MusterException.OverLimit) {
        Log.refused(e)
    }

    private fun now() = parts.clock.now()

    /** Hands an answer over, piece by piece: a reader that is faster than the agent has to wait. */
    private inner class Answer(private val id: Long) : Transport.Answer {
        override fun head(status: Int, headers: List<HttpHeader>) = hand { agent.onHead(id, status, headers, now()) }

        override fun body(chunk: ByteArray) {
            room.acquireUninterruptibly()
            inbox.add {
                room.release()
                if (id in requests) answered { agent.onBody(id, chunk, now()) }
            }
        }

        override fun end() = last { agent.onEnd(id, now()) }

        override fun failure(failure: HttpFailure) = last { agent.onFailure(id, failure, now()) }

        private fun hand(work: () -> Unit) {
            inbox.add { if (id in requests) answered(work) }
        }

        private fun last(work: () -> Unit) {
            inbox.add { if (requests.remove(id)) answered(work) }
        }

        private fun answered(work: () -> Unit) {
            mayDiffer = true
            work()
        }
    }

    private companion object {
        /** So many pieces of 64 KB may wait for the agent. */
        const val PIECES_UNREAD = 8
        const val PIECES_EVER = Int.MAX_VALUE / 2
    }
}
