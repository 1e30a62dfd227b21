package dev.muster.sdk

import android.app.job.JobInfo
import android.app.job.JobParameters
import android.app.job.JobScheduler
import android.app.job.JobService
import android.content.ComponentName
import android.content.Context
import android.os.PersistableBundle
import android.os.SystemClock
import dev.muster.ffi.Event
import dev.muster.ffi.wakeAfterMs
import kotlin.math.abs

/**
 * Gives the agent time to work while nobody looks at it.
 *
 * The process is started for it if need be, and `Application.onCreate` opens the agent, as always.
 */
public class SyncJob : JobService() {
    private var onQuiet: (() -> Unit)? = null

    override fun onStartJob(params: JobParameters): Boolean {
        val muster = params.extras.getString(PROFILE)?.let(Muster::running) ?: return tryLater(params)
        val listener = object : () -> Unit {
            override fun invoke() {
                muster.removeQuietListener(this)
                muster.handle(Event.WindowUnbounded)
                jobFinished(params, false)
            }
        }
        onQuiet = listener
        muster.handle(Event.Window(WINDOW_MS))
        muster.addQuietListener(listener)
        return true
    }

    /** The app could not open the agent, as on a phone whose storage is full. Nothing else would wake it again. */
    private fun tryLater(params: JobParameters): Boolean {
        jobFinished(params, true)
        return true
    }

    override fun onStopJob(params: JobParameters): Boolean {
        val muster = params.extras.getString(PROFILE)?.let(Muster::running) ?: return false
        onQuiet?.let(muster::removeQuietListener)
        muster.handle(Event.WindowClosing)
        muster.handle(Event.WindowUnbounded)
        return true
    }

    internal companion object {
        const val PROFILE = "profile"

        /** The system stops a job after ten minutes. */
        const val WINDOW_MS = 9 * 60_000L
    }
}

/** Schedules the next [SyncJob] for when the agent wants to be asked again. */
internal class SyncJobs(private val context: Context, private val profile: String) {
    private val scheduler = context.getSystemService(JobScheduler::class.java)
    private val id = FIRST_ID + (profile.hashCode() and ID_BITS)
    private var scheduledMs = 0L

    /** When that is worth a wake for an agent that wants to go on at `untilMs`, if at any moment; the core decides. */
    fun schedule(untilMs: Long?, nowMs: Long) {
        val delay = wakeAfterMs(untilMs, nowMs)
        val due = SystemClock.elapsedRealtime() + delay
        // The agent is often quiet, and the moment is mostly the same.
        if (abs(due - scheduledMs) < SAME_MS && scheduler?.getPendingJob(id) != null) return
        val job = JobInfo.Builder(id, ComponentName(context, SyncJob::class.java))
            .setMinimumLatency(delay)
            .setRequiredNetworkType(JobInfo.NETWORK_TYPE_ANY)
            .setPersisted(true)
            .setExtras(PersistableBundle().apply { putString(SyncJob.PROFILE, profile) })
            .build()
        if (scheduler?.schedule(job) == JobScheduler.RESULT_SUCCESS) scheduledMs = due
    }

    /** The app closed the agent, and does not want it to be woken. */
    fun cancel() {
        scheduler?.cancel(id)
        scheduledMs = 0
    }

    private companion object {
        const val FIRST_ID = 0x4d750000
        const val ID_BITS = 0xffff

        /** Moments that lie nearer to one another are the same to a scheduler that is free in its ways. */
        const val SAME_MS = 15 * 60_000L / 2
    }
}
