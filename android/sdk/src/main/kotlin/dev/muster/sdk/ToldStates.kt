package dev.muster.sdk

import android.content.ComponentName
import android.content.Context
import android.content.SharedPreferences
import android.util.Base64
import dev.muster.ffi.KeyedState
import java.io.File
import java.security.MessageDigest

/** What each receiver of keyed app states was told last, as hashes, and when it was told at once. */
internal class ToldStates(private val context: Context) {
    private val told by lazy(::open)

    /** Those of `states` that `receiver` does not know yet. */
    fun news(receiver: ComponentName, states: List<KeyedState>) = states.filter { told.getString(name(receiver, it), null) != hash(it) }

    /** `receiver` knows `states` now. */
    fun remember(receiver: ComponentName, states: List<KeyedState>) {
        val edit = told.edit()
        states.forEach { edit.putString(name(receiver, it), hash(it)) }
        edit.apply()
    }

    /** Whether `receiver` was told something at once in the last `ms` before `now`, the time since the phone was started. */
    fun wasImmediate(receiver: ComponentName, now: Long, ms: Long) =
        // A time to come is one of before the restart.
        now - told.getLong(immediate(receiver), Long.MIN_VALUE / 2) in 0 until ms

    /** `receiver` is told something at once. */
    fun rememberImmediate(receiver: ComponentName, now: Long) = told.edit().putLong(immediate(receiver), now).apply()

    /**
     * An app with the agent may have its preferences backed up. What an admin was told of another
     * phone, this one has still to say; what marks the phone is in a folder that is never backed up.
     */
    private fun open(): SharedPreferences {
        val told = context.getSharedPreferences("dev.muster.feedback", Context.MODE_PRIVATE)
        if (File(context.noBackupFilesDir, "dev.muster.feedback").createNewFile()) told.edit().clear().apply()
        return told
    }

    private fun name(receiver: ComponentName, state: KeyedState) = receiver.packageName + "/" + state.key

    private fun immediate(receiver: ComponentName) = receiver.packageName + "/ at once"

    private fun hash(state: KeyedState): String {
        val text = listOf(state.severity.name, state.message, state.data).joinToString("\u0000")
        return Base64.encodeToString(MessageDigest.getInstance("SHA-256").digest(text.toByteArray()), Base64.NO_WRAP)
    }
}
