package dev.muster.sdk

import dev.muster.ffi.LogLevel
import dev.muster.ffi.LogRecord
import dev.muster.ffi.LogSink
import dev.muster.ffi.MusterException
import dev.muster.ffi.setLogSink

/** The log of the phone. */
internal object Log : LogSink {
    private const val TAG = "Muster"

    /** Sends the core's lines to the phone's log from now on. */
    fun connect(level: LogLevel) = setLogSink(this, level)

    override fun log(record: LogRecord) {
        val priority = when (record.level) {
            LogLevel.OFF, LogLevel.ERROR -> android.util.Log.ERROR
            LogLevel.WARN -> android.util.Log.WARN
            LogLevel.INFO -> android.util.Log.INFO
            LogLevel.DEBUG -> android.util.Log.DEBUG
            LogLevel.TRACE -> android.util.Log.VERBOSE
        }
        android.util.Log.println(priority, TAG, record.target + ": " + record.message)
    }

    /** Something handed over was refused as a whole. The text says why, and never a value. */
    fun refused(error: MusterException) {
        android.util.Log.e(TAG, "refused: " + error.message)
    }
}
