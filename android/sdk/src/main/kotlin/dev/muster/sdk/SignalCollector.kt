package dev.muster.sdk

import android.annotation.TargetApi
import android.app.ActivityManager
import android.app.KeyguardManager
import android.app.admin.DevicePolicyManager
import android.app.usage.UsageStatsManager
import android.content.Context
import android.os.Build
import android.os.UserManager
import android.provider.Settings
import dev.muster.ffi.LockScope
import dev.muster.ffi.PasswordComplexity
import dev.muster.ffi.SignalKind
import dev.muster.ffi.SignalReading
import dev.muster.ffi.UnknownReason
import java.io.File

/**
 * What the phone says about itself, without any permission that a person has to grant.
 *
 * It says what is, never whether that is well. What can't be told is unknown, with the reason; what
 * an Android phone does not have is not applicable.
 */
public class SignalCollector(private val context: Context) {
    private val policy = context.getSystemService(DevicePolicyManager::class.java)

    // Asked each time: a phone may be enrolled while the app runs.
    private val owners get() = policy?.activeAdmins.orEmpty().map { it.packageName }

    /** A reading of every kind. */
    public fun collect(): Map<SignalKind, SignalReading> = SignalKind.entries.associateWith { kind ->
        try {
            read(kind)
        } catch (_: SecurityException) {
            unknown(UnknownReason.NO_PERMISSION)
        } catch (_: Exception) {
            // The lock's settings can't be read before the first unlock; and a service of the system may be failing.
            unknown(if (isUnlocked()) UnknownReason.FAILED else UnknownReason.NOT_UNLOCKED)
        }
    }

    private fun read(kind: SignalKind): SignalReading = when (kind) {
        SignalKind.SCREEN_LOCK -> screenLock()
        SignalKind.PASSWORD_COMPLEXITY -> since(Build.VERSION_CODES.Q, ::complexity)
        SignalKind.OS_VERSION -> SignalReading.Version(Build.VERSION.RELEASE)
        SignalKind.SECURITY_PATCH -> patch(Build.VERSION.SECURITY_PATCH)
        SignalKind.STORAGE_ENCRYPTION -> encryption()
        SignalKind.DEVELOPER_OPTIONS -> global(Settings.Global.DEVELOPMENT_SETTINGS_ENABLED)
        SignalKind.ADB -> global(Settings.Global.ADB_ENABLED)
        SignalKind.WORK_PROFILE -> if (isFullyManaged()) SignalReading.NotApplicable else flag(inWorkProfile())
        SignalKind.ORGANIZATION_OWNED -> organizationOwned()
        SignalKind.APP_VERSION -> appVersion()
        SignalKind.BACKGROUND_ALLOWED -> since(Build.VERSION_CODES.P, ::background)
        SignalKind.INTEGRITY -> flag(!looksTampered())
        SignalKind.BACKGROUND_APP_REFRESH -> SignalReading.NotApplicable
        // This shell has nothing yet that a person could switch on or off.
        SignalKind.CALLER_ID_ENABLED -> SignalReading.NotApplicable
    }

    private fun screenLock(): SignalReading {
        val keyguard = context.getSystemService(KeyguardManager::class.java) ?: return unknown(UnknownReason.FAILED)
        val scope = if (inWorkProfile()) LockScope.WORK_PROFILE else LockScope.DEVICE
        return SignalReading.Lock(keyguard.isDeviceSecure, scope)
    }

    @TargetApi(Build.VERSION_CODES.Q)
    private fun complexity(): SignalReading = when (policy?.passwordComplexity) {
        DevicePolicyManager.PASSWORD_COMPLEXITY_NONE -> SignalReading.Complexity(PasswordComplexity.NONE)
        DevicePolicyManager.PASSWORD_COMPLEXITY_LOW -> SignalReading.Complexity(PasswordComplexity.LOW)
        DevicePolicyManager.PASSWORD_COMPLEXITY_MEDIUM -> SignalReading.Complexity(PasswordComplexity.MEDIUM)
        DevicePolicyManager.PASSWORD_COMPLEXITY_HIGH -> SignalReading.Complexity(PasswordComplexity.HIGH)
        else -> unknown(UnknownReason.FAILED)
    }

    private fun patch(date: String?) = if (date.isNullOrBlank()) unknown(UnknownReason.FAILED) else SignalReading.Date(date)

    private fun encryption(): SignalReading = when (policy?.storageEncryptionStatus) {
        DevicePolicyManager.ENCRYPTION_STATUS_ACTIVE,
        DevicePolicyManager.ENCRYPTION_STATUS_ACTIVE_DEFAULT_KEY,
        DevicePolicyManager.ENCRYPTION_STATUS_ACTIVE_PER_USER,
        -> flag(true)
        DevicePolicyManager.ENCRYPTION_STATUS_INACTIVE, DevicePolicyManager.ENCRYPTION_STATUS_UNSUPPORTED -> flag(false)
        // Being encrypted at this moment, or an answer that is not known here.
        else -> unknown(UnknownReason.OTHER)
    }

    // A phone on which nobody has touched the switch has no such setting.
    private fun global(name: String) = flag(Settings.Global.getInt(context.contentResolver, name, 0) != 0)

    private fun organizationOwned(): SignalReading = when {
        isFullyManaged() -> flag(true)
        !inWorkProfile() -> flag(false)
        else -> since(Build.VERSION_CODES.R, ::organizationOwnsProfile)
    }

    @TargetApi(Build.VERSION_CODES.R)
    private fun organizationOwnsProfile(): SignalReading = flag(policy?.isOrganizationOwnedDeviceWithManagedProfile == true)

    private fun appVersion(): SignalReading {
        val name = context.packageManager.getPackageInfo(context.packageName, 0).versionName
        return if (name == null) unknown(UnknownReason.FAILED) else SignalReading.Version(name)
    }

    /** Whether the system lets the app work while nobody looks at it. */
    @TargetApi(Build.VERSION_CODES.P)
    private fun background(): SignalReading {
        val restricted = context.getSystemService(ActivityManager::class.java)?.isBackgroundRestricted == true
        val bucket = context.getSystemService(UsageStatsManager::class.java)?.appStandbyBucket ?: 0
        // A rarely used app is the next to be put to sleep, unless it is exempt.
        val sleepy = bucket >= UsageStatsManager.STANDBY_BUCKET_RARE && !isExemptFromHibernation()
        return flag(!restricted && bucket < BUCKET_RESTRICTED && !sleepy)
    }

    private fun isExemptFromHibernation() = Build.VERSION.SDK_INT >= Build.VERSION_CODES.R && exempt()

    @TargetApi(Build.VERSION_CODES.R)
    private fun exempt() = context.packageManager.isAutoRevokeWhitelisted

    /** A device owner looks after the whole phone. */
    private fun isFullyManaged() = owners.any { policy.isDeviceOwnerApp(it) }

    private fun inWorkProfile() = owners.any { policy.isProfileOwnerApp(it) }

    private fun isUnlocked() = context.getSystemService(UserManager::class.java)?.isUserUnlocked == true

    /** A guess from what is easily seen. It proves nothing, either way. */
    private fun looksTampered() = Build.TAGS.orEmpty().contains("test-keys") || SU_PATHS.any { File(it).exists() }

    private inline fun since(level: Int, read: () -> SignalReading) =
        if (Build.VERSION.SDK_INT >= level) read() else unknown(UnknownReason.TOO_OLD)

    private fun flag(value: Boolean): SignalReading = SignalReading.Flag(value)

    private fun unknown(reason: UnknownReason): SignalReading = SignalReading.Unknown(reason)

    private companion object {
        /** `UsageStatsManager.STANDBY_BUCKET_RESTRICTED`, which has a name from API 30 on. */
        const val BUCKET_RESTRICTED = 45
        val SU_PATHS = listOf("/system/bin/su", "/system/xbin/su", "/sbin/su", "/vendor/bin/su")
    }
}
