package dev.muster.sdk

import android.content.ComponentName
import android.content.Context
import android.util.Base64
import dev.muster.ffi.KeyedState
import java.security.MessageDigest

/** What each receiver of keyed app states was told last, as hashes. */
internal class ToldStates(context: Context) {
    private val told = context.getSharedPreferences("dev.muster.feedback", Context.MODE_PRIVATE)

    /** Those of `states` that `receiver` does not know yet. */
    fun news(receiver: ComponentName, states: List<KeyedState>) = states.filter { told.getString(name(receiver, it), null) != hash(it) }

    /** `receiver` knows `states` now. */
    fun remember(receiver: ComponentName, states: List<KeyedState>) {
        val edit = told.edit()
        states.forEach { edit.putString(name(receiver, it), hash(it)) }
        edit.apply()
    }

    private fun name(receiver: ComponentName, state: KeyedState) = receiver.packageName + "/" + state.key

    private fun hash(state: KeyedState): String {
        val text = listOf(state.severity.name, state.message, state.data).joinToString("\u0000")
        return Base64.encodeToString(MessageDigest.getInstance("SHA-256").digest(text.toByteArray()), Base64.NO_WRAP)
    }
}
