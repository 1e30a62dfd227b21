package dev.muster.app

import android.app.admin.DevicePolicyManager
import android.content.ActivityNotFoundException
import android.content.Context
import android.content.Intent
import android.net.Uri
import android.provider.Settings
import android.widget.Toast
import dev.muster.ffi.MendAction
import org.json.JSONObject

/** Where a finding is mended. */
internal object Mending {
    /** Stays on the screen, and leads to where a code is typed. */
    const val SIGN_IN = "dev.muster.app.SIGN_IN"

    /** What the button opens; null where there is nothing for the person to open. */
    fun intent(context: Context, action: MendAction, url: String?, configJson: String): Intent? {
        if (url != null && url.startsWith("https://")) return view(url)
        val app = Uri.fromParts("package", context.packageName, null)
        return when (action) {
            MendAction.OPEN_SECURITY_SETTINGS -> Intent(DevicePolicyManager.ACTION_SET_NEW_PASSWORD)
            MendAction.OPEN_SYSTEM_UPDATE -> Intent("android.settings.SYSTEM_UPDATE_SETTINGS")
            MendAction.OPEN_APP_STORE -> view("market://details?id=" + context.packageName)
            MendAction.OPEN_ENCRYPTION -> Intent(Settings.ACTION_SECURITY_SETTINGS)
            MendAction.OPEN_DEVELOPER_OPTIONS -> Intent(Settings.ACTION_APPLICATION_DEVELOPMENT_SETTINGS)
            MendAction.OPEN_BATTERY_SETTINGS, MendAction.OPEN_APP_PERMISSIONS -> Intent(Settings.ACTION_APPLICATION_DETAILS_SETTINGS, app)
            MendAction.OPEN_CALL_SETTINGS -> Intent(Settings.ACTION_MANAGE_DEFAULT_APPS_SETTINGS)
            MendAction.OPEN_NETWORK_SETTINGS -> Intent(Settings.ACTION_WIRELESS_SETTINGS)
            MendAction.SIGN_IN_AGAIN -> Intent(context, MainActivity::class.java).setAction(SIGN_IN)
            MendAction.CONTACT_SUPPORT -> support(configJson)
            // There is no such thing on Android; and an admin's console is elsewhere.
            MendAction.OPEN_BACKGROUND_REFRESH, MendAction.CHECK_CONFIGURATION -> null
        }
    }

    /** How the company is reached; null if it did not say. */
    fun support(configJson: String): Intent? {
        val settings = JSONObject(configJson).getJSONArray("settings")
        val values = (0 until settings.length()).map(settings::getJSONObject).associate { it.getString("key") to it.opt("value") }
        val text = { key: String -> values[key] as? String }
        return text("support_url")?.let(::view)
            ?: text("support_email")?.let(::mail)
            ?: text("support_phone")?.let { Intent(Intent.ACTION_DIAL, Uri.fromParts("tel", it, null)) }
    }

    /** Opens a new message. The @ stands for itself (RFC 6068 §2): some mail apps take it as it is written. */
    fun mail(address: String) = Intent(Intent.ACTION_SENDTO, Uri.parse("mailto:" + Uri.encode(address, "@")))

    private fun view(url: String) = Intent(Intent.ACTION_VIEW, Uri.parse(url))
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
