package dev.muster.sdk

import android.content.Context
import android.os.SystemClock
import android.provider.Settings
import dev.muster.ffi.Now

/** Says what time it is. */
public fun interface Clock {
    /** This moment. */
    public fun now(): Now
}

/** The phone's clocks. */
internal class PhoneClock(private val context: Context) : Clock {
    private val boot = Settings.Global.getInt(context.contentResolver, Settings.Global.BOOT_COUNT, 0).toLong()

    override fun now() = Now(System.currentTimeMillis(), SystemClock.elapsedRealtime(), boot)
}
