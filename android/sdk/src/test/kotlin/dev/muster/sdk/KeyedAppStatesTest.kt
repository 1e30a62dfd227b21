package dev.muster.sdk

import android.app.Application
import android.app.admin.DevicePolicyManager
import android.content.ComponentName
import android.content.Intent
import android.content.IntentFilter
import android.content.pm.ServiceInfo
import android.os.Bundle
import android.os.Handler
import android.os.Looper
import android.os.Message
import android.os.Messenger
import dev.muster.ffi.EffectOutcome
import dev.muster.ffi.KeyedState
import dev.muster.ffi.KeyedStateSeverity
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.shadows.ShadowSystemClock
import java.time.Duration

/** Feedback on the wire, taken by a receiver that reads it as AndroidX's does. */
@RunWith(PhoneRunner::class)
class KeyedAppStatesTest {
    private val app: Application get() = RuntimeEnvironment.getApplication()
    private val received = mutableListOf<Pair<Int, List<Bundle>>>()
    private val states by lazy { KeyedAppStates(app) }

    /** A service that takes states, in the package `owner`. */
    private fun receiver(owner: String) {
        val service = ComponentName(owner, "$owner.States")
        val packages = shadowOf(app.packageManager)
        packages.addOrUpdateService(
            ServiceInfo().apply {
                packageName = owner
                name = service.className
            },
        )
        packages.addIntentFilterForService(service, IntentFilter(KeyedAppStates.ACTION))
        val messenger = Messenger(Handler(Looper.getMainLooper()) { take(it) })
        shadowOf(app).setComponentNameAndServiceForBindServiceForIntent(
            Intent(KeyedAppStates.ACTION).setComponent(service),
            service,
            messenger.binder,
        )
    }

    @Suppress("DEPRECATION")
    private fun take(message: Message): Boolean {
        received += message.what to (message.obj as Bundle).getParcelableArrayList<Bundle>(KeyedAppStates.STATES)!!
        return true
    }

    private fun deviceOwner(owner: String) {
        val admin = ComponentName(owner, "$owner.Admin")
        val policy = app.getSystemService(DevicePolicyManager::class.java)
        shadowOf(policy).setActiveAdmin(admin)
        shadowOf(policy).setDeviceOwner(admin)
    }

    private fun publish(vararg wanted: KeyedState): EffectOutcome? {
        var outcome: EffectOutcome? = null
        states.publish(wanted.toList()) { outcome = it }
        shadowOf(Looper.getMainLooper()).idle()
        return outcome
    }

    private fun state(key: String, severity: KeyedStateSeverity = KeyedStateSeverity.INFO, message: String = "well", data: String = "") =
        KeyedState(key, severity, message, data)

    @Test
    fun withoutAReceiverThereIsNothingToDo() {
        assertEquals(EffectOutcome.NOT_APPLICABLE, publish(state("licence")))
    }

    @Test
    fun theOwnerIsTold() {
        deviceOwner("com.example.mdm")
        receiver("com.example.mdm")
        assertEquals(EffectOutcome.DONE, publish(state("licence", data = "active")))
        val (what, bundles) = received.single()
        assertEquals(1, what)
        val bundle = bundles.single()
        assertEquals("licence", bundle.getString("androidx.enterprise.feedback.APP_STATE_KEY"))
        assertEquals(1, bundle.getInt("androidx.enterprise.feedback.APP_STATE_SEVERITY"))
        assertEquals("well", bundle.getString("androidx.enterprise.feedback.APP_STATE_MESSAGE"))
        assertEquals("active", bundle.getString("androidx.enterprise.feedback.APP_STATE_DATA"))
        assertTrue("let go", shadowOf(app).boundServiceConnections.isEmpty())
    }

    @Test
    fun strangersAreTold_nothing() {
        deviceOwner("com.example.mdm")
        receiver("com.example.curious")
        assertEquals(EffectOutcome.NOT_APPLICABLE, publish(state("licence")))
        receiver("com.android.vending")
        assertEquals(EffectOutcome.DONE, publish(state("licence")))
        assertEquals(1, received.size)
    }

    @Test
    fun onlyNewsIsSent_alsoAfterARestart() {
        deviceOwner("com.example.mdm")
        receiver("com.example.mdm")
        publish(state("licence"), state("caller_id", KeyedStateSeverity.ERROR, "must be true or false"))
        publish(state("licence"), state("caller_id", KeyedStateSeverity.ERROR, "must be true or false"))
        assertEquals(1, received.size)
        KeyedAppStates(app).publish(listOf(state("licence"), state("caller_id"))) {}
        shadowOf(Looper.getMainLooper()).idle()
        assertEquals(listOf("caller_id"), received.last().second.map { it.getString(KeyedAppStates.KEY) })
    }

    @Test
    fun errorsAreImmediateOnceAMinute() {
        deviceOwner("com.example.mdm")
        receiver("com.example.mdm")
        publish(state("a", KeyedStateSeverity.ERROR, "1"))
        publish(state("a", KeyedStateSeverity.ERROR, "2"))
        ShadowSystemClock.advanceBy(Duration.ofSeconds(61))
        publish(state("a", KeyedStateSeverity.ERROR, "3"))
        publish(state("a"))
        assertEquals(listOf(2, 1, 2, 1), received.map { it.first })
    }

    @Test
    fun eachReceiverHasItsOwnMinute_alsoAfterARestart() {
        deviceOwner("com.example.mdm")
        receiver("com.example.mdm")
        receiver("com.android.vending")
        publish(state("a", KeyedStateSeverity.ERROR, "1"))
        assertEquals(listOf(2, 2), received.map { it.first })
        KeyedAppStates(app).publish(listOf(state("a", KeyedStateSeverity.ERROR, "2"))) {}
        shadowOf(Looper.getMainLooper()).idle()
        assertEquals(listOf(2, 2, 1, 1), received.map { it.first })
    }

    @Test
    fun whatAnotherPhoneHasSaidIsSaidAgain() {
        deviceOwner("com.example.mdm")
        receiver("com.example.mdm")
        publish(state("licence"))
        publish(state("licence"))
        assertEquals(1, received.size)
        // A backup brought the preferences to a new phone, and nothing that is never backed up.
        assertTrue(app.noBackupFilesDir.resolve("dev.muster.feedback").delete())
        KeyedAppStates(app).publish(listOf(state("licence"))) {}
        shadowOf(Looper.getMainLooper()).idle()
        assertEquals(2, received.size)
    }

    @Test
    fun statesOfTheGreatestLengthArriveWhole() {
        deviceOwner("com.example.mdm")
        receiver("com.example.mdm")
        publish(state("k".repeat(100), message = "m".repeat(1_000), data = "d".repeat(1_000)))
        val bundle = received.single().second.single()
        assertEquals("k".repeat(100), bundle.getString(KeyedAppStates.KEY))
        assertEquals("m".repeat(1_000), bundle.getString(KeyedAppStates.MESSAGE))
        assertEquals("d".repeat(1_000), bundle.getString(KeyedAppStates.DATA))
    }

    @Test
    fun aReceiverThatCanNotBeBoundIsTriedLater() {
        deviceOwner("com.example.mdm")
        receiver("com.example.mdm")
        shadowOf(app).declareActionUnbindable(KeyedAppStates.ACTION)
        assertEquals(EffectOutcome.FAILED, publish(state("licence")))
        assertTrue(received.isEmpty())
    }
}
