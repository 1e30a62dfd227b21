package dev.muster.app

import android.app.Application
import dev.muster.sdk.Muster
import dev.muster.sdk.MusterException

/** Opens the agent with the process, whatever started it: the person, a job, a broadcast. */
public open class MusterApplication : Application() {
    override fun onCreate() {
        super.onCreate()
        open()
    }

    /** The open agent, or why there is none: a [MusterException]. */
    @Synchronized
    internal fun open(): Result<Muster> {
        val running = Muster.running()
        if (running?.state?.isBroken == false) return Result.success(running)
        running?.close()
        return try {
            Result.success(openMuster())
        } catch (e: MusterException) {
            Result.failure(e)
        }
    }

    /** Tests bring their own keys. */
    protected open fun openMuster(): Muster = Muster.open(this)
}
