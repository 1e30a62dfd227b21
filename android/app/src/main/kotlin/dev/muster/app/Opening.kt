package dev.muster.app

import android.app.admin.DevicePolicyManager
import android.content.ActivityNotFoundException
import android.content.Context
import android.content.Intent
import android.net.Uri
import android.provider.Settings
import android.widget.Toast
import dev.muster.app.model.Way
import dev.muster.sdk.MendAction

/** What Android opens for a [Way]. */
internal object Opening {
    /** Null for what is on the screen itself, and for a place that no Android phone has. */
    fun intent(context: Context, way: Way): Intent? = when (way) {
        is Way.Open -> address(Uri.parse(way.uri))
        is Way.Place -> place(context, way.place)
        Way.SignIn -> null
    }

    private fun address(uri: Uri) = when (uri.scheme) {
        "tel" -> Intent(Intent.ACTION_DIAL, uri)
        "mailto" -> Intent(Intent.ACTION_SENDTO, uri)
        else -> Intent(Intent.ACTION_VIEW, uri)
    }

    private fun place(context: Context, place: MendAction): Intent? {
        val app = Uri.fromParts("package", context.packageName, null)
        return when (place) {
            MendAction.OPEN_SECURITY_SETTINGS -> Intent(DevicePolicyManager.ACTION_SET_NEW_PASSWORD)
            MendAction.OPEN_SYSTEM_UPDATE -> Intent("android.settings.SYSTEM_UPDATE_SETTINGS")
            MendAction.OPEN_APP_STORE -> address(Uri.parse("market://details?id=" + context.packageName))
            MendAction.OPEN_ENCRYPTION -> Intent(Settings.ACTION_SECURITY_SETTINGS)
            MendAction.OPEN_DEVELOPER_OPTIONS -> Intent(Settings.ACTION_APPLICATION_DEVELOPMENT_SETTINGS)
            MendAction.OPEN_BATTERY_SETTINGS, MendAction.OPEN_APP_PERMISSIONS -> Intent(Settings.ACTION_APPLICATION_DETAILS_SETTINGS, app)
            MendAction.OPEN_CALL_SETTINGS -> Intent(Settings.ACTION_MANAGE_DEFAULT_APPS_SETTINGS)
            MendAction.OPEN_NETWORK_SETTINGS -> Intent(Settings.ACTION_WIRELESS_SETTINGS)
            // The agent names no such place on Android: these are ways of their own, or there is none.
            MendAction.SIGN_IN_AGAIN, MendAction.CONTACT_SUPPORT, MendAction.CHECK_CONFIGURATION, MendAction.OPEN_BACKGROUND_REFRESH -> null
        }
    }
}

/** Opens another screen, or says that there is none. */
internal fun startOrSay(context: Context, intent: Intent) {
    try {
        context.startActivity(intent)
    } catch (_: ActivityNotFoundException) {
        sayNoApp(context)
    } catch (_: SecurityException) {
        // A page of the settings that this phone keeps to itself.
        sayNoApp(context)
    }
}

private fun sayNoApp(context: Context) = Toast.makeText(context, R.string.no_app, Toast.LENGTH_LONG).show()
