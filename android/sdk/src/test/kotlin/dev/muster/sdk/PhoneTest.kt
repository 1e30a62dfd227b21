package dev.muster.sdk

import android.app.Application
import android.app.KeyguardManager
import android.app.Notification
import android.app.NotificationManager
import android.app.admin.DevicePolicyManager
import android.content.ComponentName
import android.content.Intent
import android.content.RestrictionsManager
import android.os.Looper
import android.os.UserManager
import android.provider.Settings
import dev.muster.ffi.ConfigurationChannel
import dev.muster.ffi.ConfigurationTree
import dev.muster.ffi.EffectOutcome
import dev.muster.ffi.LicencePhase
import dev.muster.ffi.LockScope
import dev.muster.ffi.PhoneEffect
import dev.muster.ffi.SignalKind
import dev.muster.ffi.SignalReading
import dev.muster.ffi.VaultFailure
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import java.lang.reflect.Proxy
import java.security.Security

/** What the shell makes of the framework: restrictions, signals, notifications, jobs. */
@RunWith(PhoneRunner::class)
class PhoneTest {
    private val app: Application get() = RuntimeEnvironment.getApplication()
    private val policy get() = app.getSystemService(DevicePolicyManager::class.java)

    private fun reading(kind: SignalKind) = SignalCollector(app).collect().getValue(kind)

    @Test
    fun restrictionsAreReadAsTheyAre() {
        val manager = app.getSystemService(RestrictionsManager::class.java)
        val reader = RestrictionsReader(app)
        assertEquals("null", text(reader))
        shadowOf(manager).setApplicationRestrictions(bundleOf("caller_id" to "true"))
        assertEquals("""{"caller_id":"true"}""", text(reader))
        assertEquals(ConfigurationChannel.Os, reader.read().sources.single().channel)
    }

    private fun text(reader: RestrictionsReader) = (reader.read().sources.single().tree as ConfigurationTree.Json).text

    @Test
    fun everySignalHasAReading() {
        val all = SignalCollector(app).collect()
        assertEquals(SignalKind.entries.toSet(), all.keys)
        assertEquals(SignalReading.NotApplicable, all[SignalKind.BACKGROUND_APP_REFRESH])
        assertEquals(SignalReading.Version("14"), all[SignalKind.OS_VERSION])
    }

    @Test
    fun theScreenLock() {
        assertEquals(SignalReading.Lock(false, LockScope.DEVICE), reading(SignalKind.SCREEN_LOCK))
        shadowOf(app.getSystemService(KeyguardManager::class.java)).setIsDeviceSecure(true)
        assertEquals(SignalReading.Lock(true, LockScope.DEVICE), reading(SignalKind.SCREEN_LOCK))
        owns(profile = true)
        assertEquals(SignalReading.Lock(true, LockScope.WORK_PROFILE), reading(SignalKind.SCREEN_LOCK))
    }

    @Test
    fun developerOptionsAndDebugging() {
        for ((kind, name) in listOf(
            SignalKind.DEVELOPER_OPTIONS to Settings.Global.DEVELOPMENT_SETTINGS_ENABLED,
            SignalKind.ADB to Settings.Global.ADB_ENABLED,
        )) {
            Settings.Global.putInt(app.contentResolver, name, 0)
            assertEquals(SignalReading.Flag(false), reading(kind))
            Settings.Global.putInt(app.contentResolver, name, 1)
            assertEquals(SignalReading.Flag(true), reading(kind))
        }
    }

    @Test
    fun encryption() {
        val meanings = mapOf(
            DevicePolicyManager.ENCRYPTION_STATUS_ACTIVE_DEFAULT_KEY to SignalReading.Flag(true),
            DevicePolicyManager.ENCRYPTION_STATUS_ACTIVE_PER_USER to SignalReading.Flag(true),
            DevicePolicyManager.ENCRYPTION_STATUS_ACTIVE to SignalReading.Flag(true),
            DevicePolicyManager.ENCRYPTION_STATUS_INACTIVE to SignalReading.Flag(false),
            DevicePolicyManager.ENCRYPTION_STATUS_UNSUPPORTED to SignalReading.Flag(false),
        )
        for ((status, meaning) in meanings) {
            shadowOf(policy).setStorageEncryptionStatus(status)
            assertEquals("$status", meaning, reading(SignalKind.STORAGE_ENCRYPTION))
        }
        shadowOf(policy).setStorageEncryptionStatus(BEING_ENCRYPTED)
        assertTrue(reading(SignalKind.STORAGE_ENCRYPTION) is SignalReading.Unknown)
    }

    @Test
    fun aFullyManagedPhoneHasNoWorkProfile() {
        assertEquals(SignalReading.Flag(false), reading(SignalKind.WORK_PROFILE))
        assertEquals(SignalReading.Flag(false), reading(SignalKind.ORGANIZATION_OWNED))
        owns(profile = false)
        assertEquals(SignalReading.NotApplicable, reading(SignalKind.WORK_PROFILE))
        assertEquals(SignalReading.Flag(true), reading(SignalKind.ORGANIZATION_OWNED))
    }

    @Test
    fun aWorkProfileIsSeen() {
        owns(profile = true)
        assertEquals(SignalReading.Flag(true), reading(SignalKind.WORK_PROFILE))
    }

    private fun owns(profile: Boolean) {
        val admin = ComponentName("com.example.mdm", "com.example.mdm.Admin")
        shadowOf(policy).setActiveAdmin(admin)
        if (profile) shadowOf(policy).setProfileOwner(admin) else shadowOf(policy).setDeviceOwner(admin)
    }

    @Test
    fun aNotificationIsShownReplacedAndTakenAway() {
        val manager = app.getSystemService(NotificationManager::class.java)
        val effects = PhoneEffects(app)
        assertEquals(EffectOutcome.DONE, effects.outcome(PhoneEffect.Notify("finding.lock", "Screen lock", "Set one.")))
        effects.outcome(PhoneEffect.Notify("finding.lock", "Screen lock", "Set one today."))
        val shown = shadowOf(manager).allNotifications.single()
        assertEquals("Set one today.", shown.extras.getCharSequence(Notification.EXTRA_TEXT).toString())
        assertEquals(Notification.VISIBILITY_PRIVATE, shown.visibility)
        assertEquals(EffectOutcome.DONE, effects.outcome(PhoneEffect.ClearNotification("finding.lock")))
        assertTrue(shadowOf(manager).allNotifications.isEmpty())

        shadowOf(manager).setNotificationsEnabled(false)
        assertEquals(EffectOutcome.FAILED, effects.outcome(PhoneEffect.Notify("x", "y", "z")))
    }

    @Test
    fun onlySafePagesAreOpened() {
        val effects = PhoneEffects(app)
        assertEquals(EffectOutcome.DONE, effects.outcome(PhoneEffect.OpenBrowser("https://login.example/")))
        assertEquals("https://login.example/", shadowOf(app).nextStartedActivity.dataString)
        assertEquals(EffectOutcome.NOT_APPLICABLE, effects.outcome(PhoneEffect.OpenBrowser("intent://evil")))
        assertNull(shadowOf(app).nextStartedActivity)
        assertEquals(EffectOutcome.NOT_APPLICABLE, effects.outcome(PhoneEffect.RemoveExports))
    }

    private fun Effects.outcome(effect: PhoneEffect): EffectOutcome? {
        var outcome: EffectOutcome? = null
        carryOut(effect) { outcome = it }
        return outcome
    }

    @Test
    fun aBroadcastOfChangedRestrictionsReachesTheAgent() {
        val company = Surroundings.admin.found("broadcast", "Nordlicht GmbH").hires(People.csv(3))
        TestPhone("broadcast").opened().use { phone ->
            phone.until("ready") { it.isReady }
            assertEquals(LicencePhase.UNLICENSED, phone.muster.state.licence.phase)
            phone.configured(*company.waysIn)
            app.sendBroadcast(Intent(Intent.ACTION_APPLICATION_RESTRICTIONS_CHANGED))
            shadowOf(Looper.getMainLooper()).idle()
            phone.until("active") { it.licence.phase == LicencePhase.ACTIVE }
        }
    }

    @Test
    fun anUnlockedPhoneIsNoticedAtOnce() {
        val company = Surroundings.admin.found("unlocked", "Nordlicht GmbH").hires(People.csv(3))
        TestPhone("unlocked").configured(*company.waysIn).use { phone ->
            phone.vault.failure = VaultFailure.LOCKED
            // Or it would ask again by itself, some time.
            phone.stopsTheClock().opened().untilQuiet()
            assertTrue(phone.vault.asked > 0 && !phone.muster.state.isReady)
            phone.vault.failure = null
            app.sendBroadcast(Intent(Intent.ACTION_USER_UNLOCKED))
            shadowOf(Looper.getMainLooper()).idle()
            phone.until("ready") { it.isReady }
        }
    }

    @Test
    fun aClosedAgentHearsNothing() {
        val phone = TestPhone("deaf").opened().closed()
        val listening = shadowOf(app).registeredReceivers.map { it.broadcastReceiver }
        assertTrue("$listening", listening.none { it is RestrictionsReceiver })
        assertNull(Muster.running("deaf"))
        phone.opened().close()
    }

    @Test
    fun severalAdminsAreReadAsSuch() {
        val manager = app.getSystemService(RestrictionsManager::class.java)
        val service = RestrictionsManager::class.java.getDeclaredField("mService").apply { isAccessible = true }
        val before = service.get(manager)
        try {
            val admins = listOf(bundleOf("caller_id" to true), bundleOf("caller_id" to false))
            service.set(manager, proxyOf(service.type) { if (it == "getApplicationRestrictionsPerAdminForUser") admins else null })
            val sources = RestrictionsReader(app).read().sources
            assertEquals(
                listOf("""{"caller_id":true}""", """{"caller_id":false}"""),
                sources.map {
                    (it.tree as ConfigurationTree.Json).text
                },
            )
            assertTrue(sources.all { it.channel is ConfigurationChannel.Admin })
        } finally {
            service.set(manager, before)
        }
    }

    private fun proxyOf(type: Class<*>, answer: (String) -> Any?) =
        Proxy.newProxyInstance(type.classLoader, arrayOf(type)) { _, method, _ -> answer(method.name) }

    @Test
    fun anEnrolmentIsSeenWhileTheAppRuns() {
        val collector = SignalCollector(app)
        assertEquals(SignalReading.Flag(false), collector.collect()[SignalKind.WORK_PROFILE])
        owns(profile = true)
        assertEquals(SignalReading.Flag(true), collector.collect()[SignalKind.WORK_PROFILE])
    }

    @Test
    fun nothingIsOpenedBeforeTheFirstUnlock() {
        shadowOf(app.getSystemService(UserManager::class.java)).setUserUnlocked(false)
        org.junit.Assert.assertThrows(IllegalStateException::class.java) { TestPhone("early").opened() }
    }

    @Test
    fun theRealPartsSayThatTheJvmHasNoKeyStore() {
        Security.removeProvider("AndroidKeyStore")
        Muster.open(app).use { muster ->
            val phone = java.util.concurrent.CompletableFuture<Unit>()
            muster.withAgent { phone.complete(Unit) }
            phone.get()
            assertTrue("keys can't be had here", !muster.state.isReady)
            assertEquals(muster, Muster.running())
        }
        assertNull(Muster.running())
    }

    private companion object {
        /** `ENCRYPTION_STATUS_ACTIVATING`, which no phone says any more. */
        const val BEING_ENCRYPTED = 2
    }
}
