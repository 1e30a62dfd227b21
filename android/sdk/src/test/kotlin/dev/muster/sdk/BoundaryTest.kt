package dev.muster.sdk

import dev.muster.ffi.Event
import dev.muster.ffi.LockScope
import dev.muster.ffi.MusterAgentInterface
import dev.muster.ffi.SignalReading
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import java.lang.reflect.InvocationTargetException
import java.lang.reflect.Proxy
import java.util.concurrent.CopyOnWriteArrayList

/** How often the shell crosses the boundary to the native library, and for what. */
@RunWith(PhoneRunner::class)
class BoundaryTest {
    private val calls = CopyOnWriteArrayList<String>()

    /** Writes down what is asked of `agent`. */
    private fun counted(agent: MusterAgentInterface): MusterAgentInterface {
        val type = MusterAgentInterface::class.java
        return Proxy.newProxyInstance(type.classLoader, arrayOf(type)) { _, method, arguments ->
            calls += method.name
            try {
                method.invoke(agent, *arguments.orEmpty())
            } catch (e: InvocationTargetException) {
                throw e.targetException
            }
        } as MusterAgentInterface
    }

    private fun phone(profile: String) = TestPhone(profile).apply { between = ::counted }

    /** What is wrong with a row of calls, each once. */
    private fun offences(calls: List<String>): Set<String> {
        val strange = calls.filter { it !in LOOP && it != STATE }.map { "asks for $it" }
        val idle = calls.zipWithNext().filter { it.second == STATE && it.first != "poll" }.map { "asks for the state after ${it.first}" }
        return (strange + idle).toSet()
    }

    @Test
    fun theStateIsAskedForOnceATurnAndNothingBesideIt() {
        val company = Surroundings.admin.found("boundary", "Nordlicht GmbH").hires(People.csv(300))
        phone("boundary").configured(*company.waysIn, "require_screen_lock" to true).opened().use { phone ->
            phone.until("contacts there") { it.contacts.lastSync != null && it.contacts.readable }
            phone.untilQuiet()
        }
        assertTrue("${calls.size}", calls.count { it == STATE } > 5)
        assertEquals(emptySet<String>(), offences(calls))
    }

    @Test
    fun oneChangeIsOneCall() {
        phone("one-change").stopsTheClock().opened().use { phone ->
            phone.untilQuiet()
            val before = phone.muster.state
            calls.clear()
            phone.sees(Event.Signals(mapOf(SignalKind.SCREEN_LOCK to SignalReading.Lock(false, LockScope.DEVICE))))
            phone.untilQuiet()
            assertEquals("$calls", 1, calls.count { it == STATE })
            assertEquals(before.licence, phone.muster.state.licence)
        }
    }

    @Test
    fun withoutAChangeThereIsNoCall() {
        phone("no-change").stopsTheClock().opened().use { phone ->
            phone.untilQuiet()
            calls.clear()
            repeat(10) { phone.untilQuiet() }
            assertEquals("$calls", 0, calls.count { it == STATE })
            assertTrue("turns went by", calls.size >= 10)
        }
    }

    @Test
    fun aShellThatAsksMoreIsFound() {
        assertEquals(emptySet<String>(), offences(listOf("directory", "handle", "poll", STATE, "poll", STATE)))
        assertEquals(setOf("asks for the state after state"), offences(listOf("poll", STATE, STATE)))
        assertEquals(setOf("asks for configJson"), offences(listOf("poll", "configJson", "poll", STATE)))
    }

    private companion object {
        const val STATE = "state"

        /** What the loop cannot do without. */
        val LOOP =
            setOf("directory", "handle", "poll", "onHead", "onBody", "onEnd", "onFailure", "onVault", "onEffect", "shutDown")
    }
}
