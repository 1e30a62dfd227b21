package dev.muster.sdk

import dev.muster.ffi.CallerMatch
import dev.muster.ffi.ComplianceState
import dev.muster.ffi.Event
import dev.muster.ffi.KeyPurpose
import dev.muster.ffi.KeyedStateSeverity
import dev.muster.ffi.LicencePhase
import dev.muster.ffi.LockScope
import dev.muster.ffi.MendAction
import dev.muster.ffi.MusterException
import dev.muster.ffi.PhoneEffect
import dev.muster.ffi.SignalKind
import dev.muster.ffi.SignalReading
import dev.muster.ffi.VaultFailure
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNull
import org.junit.Assert.assertThrows
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith

/** A phone in a company, with a real server, real HTTP, real Bundles and keys in memory. */
@RunWith(PhoneRunner::class)
class StoryTest {
    private val phones = mutableListOf<TestPhone>()

    private fun phone(profile: String) = TestPhone(profile).also(phones::add)

    @After
    fun close() = phones.forEach(TestPhone::close)

    @Test
    fun fromTheBoxToTheFirstSearch() {
        val company = Surroundings.admin.found("story", "Nordlicht GmbH").hires(People.csv(2_000))
        val phone = phone("story").configured(*company.waysIn, "default_region" to "DE").opened()

        val state = phone.until("2,000 contacts there") { it.contacts.lastSync != null }
        assertEquals(LicencePhase.ACTIVE, state.licence.phase)
        assertEquals("Nordlicht GmbH", state.organization?.name)
        assertEquals(2_000L, state.contacts.count)
        assertEquals(0L, state.contacts.skipped)
        assertFalse(state.isBroken)
        assertEquals(1, company.devices().length())

        val directory = phone.muster.directory
        assertEquals(2_000L, directory.count())
        val found = directory.search("mull anna")
        assertTrue("$found", found.isNotEmpty() && found.all { it.name == "Anna Müller" })
        val person = directory.contact(directory.search(People.email(1_234)).single().id)
        assertEquals(People.name(1_234), person.name)
        assertEquals("Person 1234", person.title)

        // As networks present the number of a colleague: abroad, at home.
        for (number in listOf(People.phone(77), "0049" + People.phone(77).drop(3), "0" + People.phone(77).drop(3))) {
            val caller = directory.lookUpCaller(number)
            assertEquals(number, CallerMatch.ONE, caller.found)
            assertEquals(number, People.name(77), caller.contacts.single().name)
        }
        assertEquals(CallerMatch.NONE, directory.lookUpCaller("+4930555000111").found)
    }

    @Test
    fun aMissingScreenLockIsSeenAndSaidToTheAdmin() {
        val company = Surroundings.admin.found("finding", "Nordlicht GmbH").hires(People.csv(3))
        val phone = phone("finding").configured(*company.waysIn, "require_screen_lock" to "true").opened()
        phone.until("active") { it.licence.phase == LicencePhase.ACTIVE }
        phone.sees(signal(locked = false))
        val state = phone.until("a finding") { it.findings.any(::isOfTheLock) }
        assertEquals(ComplianceState.ATTENTION, state.compliance)
        val finding = state.findings.first(::isOfTheLock)
        assertTrue(finding.title.isNotEmpty() && finding.explanation.isNotEmpty() && finding.button!!.label.isNotEmpty())
        assertTrue(phone.effects.seen.any { it is PhoneEffect.PublishFeedback })

        phone.sees(signal(locked = true))
        phone.until("mended") { it.findings.none(::isOfTheLock) }
    }

    @Test
    fun aLockedKeyStoreIsWaitedFor() {
        val company = Surroundings.admin.found("locked", "Nordlicht GmbH").hires(People.csv(3))
        val phone = phone("locked").configured(*company.waysIn)
        phone.vault.failure = VaultFailure.LOCKED
        phone.opened()
        phone.until("asked for a key") { phone.vault.asked > 0 }
        assertTrue(!phone.muster.state.isReady)
        assertThrows(MusterException.Locked::class.java) { phone.muster.directory.count() }

        phone.vault.failure = null
        phone.sees(Event.Unlocked)
        phone.until("contacts there") { it.contacts.count == 3L && it.contacts.lastSync != null }
    }

    @Test
    fun aBusyKeyStoreIsAskedAgain() {
        val company = Surroundings.admin.found("busy", "Nordlicht GmbH").hires(People.csv(3))
        val phone = phone("busy").configured(*company.waysIn)
        phone.vault.failure = VaultFailure.BUSY
        phone.opened()
        phone.until("asked for a key") { phone.vault.asked > 0 }
        assertTrue(!phone.muster.state.isReady)

        phone.vault.failure = null
        phone.until("contacts there, without anything happening") { it.contacts.lastSync != null }
    }

    @Test
    fun aLostContactsKeyCostsASyncAndNothingElse() {
        val company = Surroundings.admin.found("lost", "Nordlicht GmbH").hires(People.csv(30))
        val phone = phone("lost").configured(*company.waysIn).opened()
        val first = phone.until("contacts there") { it.contacts.lastSync != null }

        phone.closed().vault.lose(KeyPurpose.CONTACTS)
        phone.opened()
        val again = phone.until("contacts there again") { it.isReady && it.contacts.count == 30L && it.contactsReceived >= 30L }
        assertEquals(LicencePhase.ACTIVE, again.licence.phase)
        assertEquals(first.licence.since, again.licence.since)
        assertEquals(30L, phone.muster.directory.count())
        assertEquals("the same phone as before", 1, company.devices().length())
    }

    @Test
    fun aLostDeviceKeyIsReplacedWithoutAsking() {
        val company = Surroundings.admin.found("device", "Nordlicht GmbH").hires(People.csv(3))
        val phone = phone("device").configured(*company.waysIn, "device_id" to "mdm-4711").opened()
        phone.until("active") { it.contacts.lastSync != null }
        val before = company.devices().getJSONObject(0).getString("device")

        phone.closed().vault.lose(KeyPurpose.DEVICE)
        phone.opened()
        phone.until("ready") { it.isReady }
        phone.sees(Event.CheckNow)
        phone.until("known by a new key") { active(company).let { names -> names.isNotEmpty() && before !in names } }
        phone.until("contacts readable") { runCatching { phone.muster.directory.count() }.getOrNull() == 3L }
        assertEquals(LicencePhase.ACTIVE, phone.muster.state.licence.phase)
    }

    @Test
    fun anEffectThatWasNotFinishedIsHandedOutAgain() {
        // Without a server nothing else happens that could bring feedback about.
        val phone = phone("effect").configured("caller_id" to "perhaps")
        phone.effects.answersFeedback = false
        phone.opened()
        phone.until("an effect handed out") { phone.feedback().isNotEmpty() }
        val before = phone.feedback().last()
        assertTrue("$before", before.states.any { it.key == "caller_id" && it.severity == KeyedStateSeverity.ERROR })

        phone.closed().effects.run {
            seen.clear()
            answersFeedback = true
        }
        phone.opened().untilQuiet()
        val after = phone.feedback()
        assertTrue("$after", after.isNotEmpty() && after.first().version >= before.version)
        assertEquals(before.states, after.last().states)

        // What was answered is not said again.
        phone.closed().effects.seen.clear()
        phone.opened().untilQuiet()
        assertTrue("${phone.effects.seen}", phone.muster.state.isReady && phone.feedback().isEmpty())
    }

    private fun TestPhone.feedback() = effects.seen.filterIsInstance<PhoneEffect.PublishFeedback>()

    @Test
    fun aPhoneThatFailsAtAnEffectCostsNothingElse() {
        val company = Surroundings.admin.found("throws", "Nordlicht GmbH").hires(People.csv(3))
        val phone = phone("throws").configured(*company.waysIn)
        phone.effects.throws = true
        phone.opened()
        val state = phone.until("contacts there") { it.contacts.lastSync != null }
        assertTrue(phone.effects.seen.isNotEmpty())
        assertFalse(state.isBroken)
    }

    @Test
    fun aKeyStoreThatThrowsIsAskedAgain() {
        val company = Surroundings.admin.found("throwing", "Nordlicht GmbH").hires(People.csv(3))
        val phone = phone("throwing").configured(*company.waysIn)
        phone.vault.throws = NullPointerException("as some key stores do")
        phone.opened()
        phone.until("asked for a key") { phone.vault.asked > 0 }
        phone.vault.throws = null
        phone.until("contacts there, without anything happening") { it.contacts.lastSync != null }
    }

    @Test
    fun aLostServiceKeyIsANewBeginningByItself() {
        val company = Surroundings.admin.found("service", "Nordlicht GmbH").hires(People.csv(3))
        val phone = phone("service").configured(*company.waysIn, "device_id" to "mdm-4712").opened()
        phone.until("contacts there") { it.contacts.lastSync != null }

        phone.closed().vault.lose(KeyPurpose.SERVICE)
        phone.opened()
        val again = phone.until("activated and synced again") {
            it.isReady && it.licence.phase == LicencePhase.ACTIVE && it.contacts.lastSync != null && it.contactsReceived >= 3L
        }
        assertFalse(again.isBroken)
        assertEquals(3L, phone.muster.directory.count())
    }

    @Test
    fun aConfigurationThatIsTooLargeLeavesTheLastOneInForce() {
        val company = Surroundings.admin.found("large", "Nordlicht GmbH").hires(People.csv(3))
        val phone = phone("large").configured(*company.waysIn).opened()
        phone.until("contacts there") { it.contacts.lastSync != null }

        phone.configured(*company.waysIn, *Array(5) { "key$it" to "x".repeat(60_000) })
        phone.muster.onForeground()
        phone.untilQuiet()
        assertEquals(LicencePhase.ACTIVE, phone.muster.state.licence.phase)
        assertFalse(phone.muster.state.isBroken)

        phone.configured(*company.waysIn, "support_email" to "help@nordlicht.example")
        phone.muster.onForeground()
        phone.until("the next one") { it.support.any { way -> way.uri == "mailto:help@nordlicht.example" } }
        assertTrue("help@nordlicht.example" in phone.muster.configJson())
    }

    @Test
    fun aPanicIsATypedErrorAndTheAgentOpensAgain() {
        val company = Surroundings.admin.found("panic", "Nordlicht GmbH").hires(People.csv(3))
        val phone = phone("panic").configured(*company.waysIn).opened()
        phone.until("contacts there") { it.contacts.lastSync != null }

        val error = phone.between { it.testPanic("Anna's passcode is 1234") }.exceptionOrNull()
        assertTrue("$error", error is MusterException.Broken)
        assertTrue(!error!!.message.orEmpty().contains("1234"))
        phone.sees(Event.CheckNow)
        phone.until("known to be broken") { it.isBroken }
        assertThrows(MusterException.Broken::class.java) { phone.muster.directory.search("anna") }

        phone.closed().opened()
        phone.until("back") { it.isReady && !it.isBroken && it.contacts.count == 3L }
        assertEquals(1, phone.muster.directory.search("anna").size)
    }

    @Test
    fun oneProfileIsOpenOnce() {
        val phone = phone("twice").configured().opened()
        phone.until("ready") { it.isReady }
        assertThrows(MusterException.InUse::class.java) { TestPhone("twice").opened() }
        assertThrows(MusterException.InvalidInput::class.java) { TestPhone("Not A Profile").opened() }
    }

    private fun isOfTheLock(finding: FindingState) = finding.button?.target == PhoneTarget(MendAction.OPEN_SECURITY_SETTINGS)

    private fun signal(locked: Boolean) =
        Event.Signals(mapOf(SignalKind.SCREEN_LOCK to SignalReading.Lock(locked, LockScope.DEVICE)))

    /** The names of phones that are in use. */
    private fun active(company: Company): List<String> {
        val devices = company.devices()
        return (0 until devices.length()).map(devices::getJSONObject).filter {
            it.optString("state") == "active"
        }.map { it.getString("device") }
    }
}
