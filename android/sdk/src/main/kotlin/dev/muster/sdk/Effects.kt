package dev.muster.sdk

import android.app.Notification
import android.app.NotificationChannel
import android.app.NotificationManager
import android.app.PendingIntent
import android.content.ActivityNotFoundException
import android.content.Context
import android.content.Intent
import android.net.Uri
import dev.muster.ffi.PhoneEffect

/** Carries out what the agent wants to be true on the phone. */
public fun interface Effects {
    /** Does it, and says once what became of it, on any thread. Doing it twice is the same as once. */
    public fun carryOut(effect: PhoneEffect, done: (EffectOutcome) -> Unit)
}

/** By the means of Android. */
internal class PhoneEffects(private val context: Context) : Effects {
    private val states = KeyedAppStates(context)

    override fun carryOut(effect: PhoneEffect, done: (EffectOutcome) -> Unit) = when (effect) {
        is PhoneEffect.PublishFeedback -> states.publish(effect.states, done)
        is PhoneEffect.Notify -> done(notify(effect))
        is PhoneEffect.ClearNotification -> done(clear(effect.id))
        is PhoneEffect.OpenBrowser -> done(open(effect.url))
        // Nothing is handed to the system's contacts yet, so there is nothing to take back.
        PhoneEffect.RemoveExports -> done(EffectOutcome.NOT_APPLICABLE)
    }

    private fun notify(effect: PhoneEffect.Notify): EffectOutcome {
        val manager = context.getSystemService(NotificationManager::class.java) ?: return EffectOutcome.NOT_APPLICABLE
        if (!manager.areNotificationsEnabled()) return EffectOutcome.FAILED
        val name = context.getString(R.string.muster_notifications)
        manager.createNotificationChannel(NotificationChannel(CHANNEL, name, NotificationManager.IMPORTANCE_DEFAULT))
        val notification = Notification.Builder(context, CHANNEL)
            .setSmallIcon(R.drawable.muster_notification)
            .setContentTitle(effect.title)
            .setContentText(effect.body)
            .setStyle(Notification.BigTextStyle().bigText(effect.body))
            // Findings are nobody's business but the owner's.
            .setVisibility(Notification.VISIBILITY_PRIVATE)
            .setContentIntent(opensTheApp())
            .setAutoCancel(true)
            .build()
        manager.notify(effect.id, NOTIFICATION, notification)
        return EffectOutcome.DONE
    }

    private fun opensTheApp(): PendingIntent? {
        val launch = context.packageManager.getLaunchIntentForPackage(context.packageName) ?: return null
        return PendingIntent.getActivity(context, 0, launch, PendingIntent.FLAG_IMMUTABLE)
    }

    private fun clear(id: String): EffectOutcome {
        context.getSystemService(NotificationManager::class.java)?.cancel(id, NOTIFICATION)
        return EffectOutcome.DONE
    }

    private fun open(url: String): EffectOutcome {
        val page = Uri.parse(url)
        if (page.scheme != "https") return EffectOutcome.NOT_APPLICABLE
        return try {
            context.startActivity(Intent(Intent.ACTION_VIEW, page).addFlags(Intent.FLAG_ACTIVITY_NEW_TASK))
            EffectOutcome.DONE
        } catch (_: ActivityNotFoundException) {
            EffectOutcome.NOT_APPLICABLE
        }
    }

    private companion object {
        const val CHANNEL = "muster"

        /** Notifications are told apart by their tag. */
        const val NOTIFICATION = 1
    }
}
