package dev.muster.sdk

import android.app.Application
import android.app.job.JobParameters
import android.app.job.JobScheduler
import android.os.PersistableBundle
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf

/** Being woken in the background. The scheduler is Robolectric's; tests call the service as the system does. */
@RunWith(PhoneRunner::class)
class SyncJobTest {
    private val app: Application get() = RuntimeEnvironment.getApplication()
    private val scheduler get() = app.getSystemService(JobScheduler::class.java)
    private val service by lazy { Robolectric.buildService(SyncJob::class.java).create().get() }

    private fun parameters(profile: String): JobParameters {
        val extras = PersistableBundle().apply { putString(SyncJob.PROFILE, profile) }
        return JobParameters(null, null, 1, extras, null, null, 0, false, false, false, null, null, null)
    }

    private fun until(what: String, wanted: () -> Boolean) {
        val end = System.nanoTime() + 60_000_000_000L
        while (!wanted()) {
            check(System.nanoTime() < end) { "never $what" }
            Thread.sleep(5)
        }
    }

    @Test
    fun theAgentIsWokenForItsNextCheck() {
        val company = Surroundings.admin.found("job", "Nordlicht GmbH").hires(People.csv(3))
        TestPhone("job").configured(*company.waysIn).opened().use { phone ->
            phone.until("contacts there") { it.contacts.lastSync != null }
            phone.untilQuiet()
            val job = scheduler.allPendingJobs.single()
            assertTrue("outlives a restart of the phone", job.isPersisted)
            assertTrue("${job.minLatencyMillis}", job.minLatencyMillis in 15 * 60_000L..24 * 60 * 60_000L)
            assertEquals("job", job.extras.getString(SyncJob.PROFILE))
        }
        assertTrue("a closed agent is not woken", scheduler.allPendingJobs.isEmpty())
    }

    @Test
    fun aJobLastsUntilNothingIsToBeDone() {
        val company = Surroundings.admin.found("job-runs", "Nordlicht GmbH").hires(People.csv(3))
        TestPhone("job-runs").configured(*company.waysIn).opened().use { phone ->
            // At once: the first activation and sync are what there is to be done.
            assertTrue(service.onStartJob(parameters("job-runs")))
            until("finished") { shadowOf(service).isJobFinished }
            assertFalse(shadowOf(service).isRescheduleNeeded)
            assertEquals(3L, phone.muster.state.contacts.count)
        }
    }

    @Test
    fun aJobThatIsStoppedComesBack() {
        TestPhone("job-stopped").opened().use { phone ->
            phone.until("ready") { it.isReady }
            val parameters = parameters("job-stopped")
            service.onStartJob(parameters)
            assertTrue(service.onStopJob(parameters))
            phone.untilQuiet()
        }
    }

    @Test
    fun withoutAnAgentTheJobIsTriedLater() {
        assertTrue(service.onStartJob(parameters("nobody")))
        assertTrue(shadowOf(service).isJobFinished && shadowOf(service).isRescheduleNeeded)
        assertFalse(service.onStopJob(parameters("nobody")))
    }
}
