package dev.muster.sdk

import android.content.BroadcastReceiver
import android.content.Context
import android.content.Intent
import android.content.IntentFilter
import android.os.Build

/**
 * Tells of changed restrictions, and of an unlocked phone.
 *
 * Both broadcasts reach only receivers that are registered in code, so it is registered as long as
 * the agent is open, whether or not there is a configuration.
 */
internal class RestrictionsReceiver(private val onRestrictions: () -> Unit, private val onUnlocked: () -> Unit) : BroadcastReceiver() {
    override fun onReceive(context: Context, intent: Intent) {
        when (intent.action) {
            Intent.ACTION_APPLICATION_RESTRICTIONS_CHANGED -> onRestrictions()
            Intent.ACTION_USER_UNLOCKED, Intent.ACTION_USER_PRESENT -> onUnlocked()
        }
    }

    fun register(context: Context) {
        val filter = IntentFilter(Intent.ACTION_APPLICATION_RESTRICTIONS_CHANGED)
        filter.addAction(Intent.ACTION_USER_UNLOCKED)
        filter.addAction(Intent.ACTION_USER_PRESENT)
        // Nobody but the system may send these; it reaches receivers that are not exported, too.
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.TIRAMISU) {
            context.registerReceiver(this, filter, Context.RECEIVER_NOT_EXPORTED)
        } else {
            context.registerReceiver(this, filter)
        }
    }
}
