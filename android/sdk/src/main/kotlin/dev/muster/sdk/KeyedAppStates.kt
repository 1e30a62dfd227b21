package dev.muster.sdk

import android.app.admin.DevicePolicyManager
import android.content.ComponentName
import android.content.Context
import android.content.Intent
import android.content.ServiceConnection
import android.os.Bundle
import android.os.Handler
import android.os.IBinder
import android.os.Looper
import android.os.Message
import android.os.Messenger
import android.os.RemoteException
import android.os.SystemClock
import dev.muster.ffi.EffectOutcome
import dev.muster.ffi.KeyedState
import dev.muster.ffi.KeyedStateSeverity
import java.util.concurrent.atomic.AtomicBoolean

/**
 * Feedback to the admin: keyed app states, by the wire protocol of AndroidX Enterprise Feedback.
 *
 * Each receiver (the device or profile owner, and Google Play) is bound, told what changed since it
 * was told last, and let go. What was said is remembered as a hash, so a restart repeats nothing.
 */
internal class KeyedAppStates(private val context: Context, private val main: Handler = Handler(Looper.getMainLooper())) {
    private val told = ToldStates(context)

    /** Sends `states` to all receivers; `done` is called once, on any thread. */
    fun publish(states: List<KeyedState>, done: (EffectOutcome) -> Unit) {
        val receivers = receivers()
        if (receivers.isEmpty()) return done(EffectOutcome.NOT_APPLICABLE)
        val open = receivers.toMutableSet()
        var outcome = EffectOutcome.DONE
        for (receiver in receivers) {
            tell(receiver, states) { well ->
                val finished = synchronized(open) {
                    if (!well) outcome = EffectOutcome.FAILED
                    open.remove(receiver) && open.isEmpty()
                }
                if (finished) done(outcome)
            }
        }
    }

    /** Active admins that own the device or profile, and Google Play: nobody else is to know. */
    private fun receivers(): List<ComponentName> {
        val policy = context.getSystemService(DevicePolicyManager::class.java)
        val owners = policy?.activeAdmins.orEmpty().map { it.packageName }
            .filter { policy.isDeviceOwnerApp(it) || policy.isProfileOwnerApp(it) }
        val allowed = owners + PLAY
        return context.packageManager.queryIntentServices(Intent(ACTION), 0)
            .mapNotNull { it.serviceInfo }
            .filter { it.packageName in allowed }
            .map { ComponentName(it.packageName, it.name) }
    }

    private fun tell(receiver: ComponentName, states: List<KeyedState>, done: (Boolean) -> Unit) {
        val news = told.news(receiver, states)
        if (news.isEmpty()) return done(true)
        val connection = Telling(receiver, news, done)
        val bound = try {
            context.bindService(Intent(ACTION).setComponent(receiver), connection, Context.BIND_AUTO_CREATE)
        } catch (_: SecurityException) {
            false
        }
        if (bound) main.postDelayed(connection.tooLate, PATIENCE_MS) else connection.finish(false)
    }

    private fun message(states: List<KeyedState>, immediate: Boolean): Message {
        val bundles = ArrayList(states.map(::bundle))
        val content = Bundle().apply { putParcelableArrayList(STATES, bundles) }
        return Message.obtain(null, if (immediate) WHAT_IMMEDIATE else WHAT_STATE, content)
    }

    /** The core keeps to the lengths that receivers take. */
    private fun bundle(state: KeyedState) = Bundle().apply {
        putString(KEY, state.key)
        putInt(SEVERITY, if (state.severity == KeyedStateSeverity.ERROR) SEVERITY_ERROR else SEVERITY_INFO)
        putString(MESSAGE, state.message)
        putString(DATA, state.data)
    }

    /** Each receiver has a quota: at once only for what an admin has to see to, and once a minute. */
    private fun mayBeImmediate(receiver: ComponentName, states: List<KeyedState>): Boolean {
        val now = SystemClock.elapsedRealtime()
        val urgent = states.any { it.severity == KeyedStateSeverity.ERROR } && !told.wasImmediate(receiver, now, MINUTE_MS)
        if (urgent) told.rememberImmediate(receiver, now)
        return urgent
    }

    private inner class Telling(
        private val receiver: ComponentName,
        private val states: List<KeyedState>,
        private val done: (Boolean) -> Unit,
    ) : ServiceConnection {
        private val finished = AtomicBoolean()
        val tooLate = Runnable { finish(false) }

        override fun onServiceConnected(name: ComponentName?, service: IBinder) {
            if (finished.get()) return
            val sent = try {
                Messenger(service).send(message(states, mayBeImmediate(receiver, states)))
                true
            } catch (_: RemoteException) {
                false
            }
            if (sent) told.remember(receiver, states)
            finish(sent)
        }

        override fun onServiceDisconnected(name: ComponentName?) = finish(false)

        override fun onBindingDied(name: ComponentName?) = finish(false)

        // Called from API 28 on.
        override fun onNullBinding(name: ComponentName?) = finish(false)

        fun finish(well: Boolean) {
            if (!finished.compareAndSet(false, true)) return
            main.removeCallbacks(tooLate)
            try {
                context.unbindService(this)
            } catch (_: IllegalArgumentException) {
                // It was never bound.
            }
            done(well)
        }
    }

    internal companion object {
        const val ACTION = "androidx.enterprise.feedback.action.APP_STATES"
        const val STATES = "androidx.enterprise.feedback.APP_STATES"
        const val KEY = "androidx.enterprise.feedback.APP_STATE_KEY"
        const val SEVERITY = "androidx.enterprise.feedback.APP_STATE_SEVERITY"
        const val MESSAGE = "androidx.enterprise.feedback.APP_STATE_MESSAGE"
        const val DATA = "androidx.enterprise.feedback.APP_STATE_DATA"
        const val WHAT_STATE = 1
        const val WHAT_IMMEDIATE = 2
        const val SEVERITY_INFO = 1
        const val SEVERITY_ERROR = 2
        const val PLAY = "com.android.vending"
        const val MINUTE_MS = 60_000L
        private const val PATIENCE_MS = 30_000L
    }
}
