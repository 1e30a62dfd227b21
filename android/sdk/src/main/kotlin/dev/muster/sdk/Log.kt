package dev.muster.sdk

import android.util.Log as Logcat

/** The shell's own lines in the phone's log. The native library writes the core's. */
internal object Log {
    private const val TAG = "muster"

    /** Something handed over was refused as a whole. The text says why, and never a value. */
    fun refused(error: Exception) {
        Logcat.e(TAG, "refused: " + error.message)
    }

    /** A part of the phone threw what it should not. Without its text, which may say anything. */
    fun unexpected(part: String, error: RuntimeException) {
        Logcat.e(TAG, part + " failed: " + error.javaClass.name)
    }
}
