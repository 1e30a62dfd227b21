package dev.muster.sdk

import android.content.Context
import androidx.test.ext.junit.runners.AndroidJUnit4
import androidx.test.platform.app.InstrumentationRegistry

/** Runs a test on a phone or an emulator. */
typealias PhoneRunner = AndroidJUnit4

/**
 * What tests stand on: here, a phone. The server runs on the computer beside it, reached by
 * `adb reverse tcp:8780 tcp:8780`; its address and an admin's token come as arguments
 * `musterServer` and `musterToken` of the instrumentation.
 */
object Surroundings {
    /** The app. */
    val context: Context get() = InstrumentationRegistry.getInstrumentation().targetContext

    /** A management server. Each run needs a fresh one. */
    val admin: AdminApi by lazy {
        val arguments = InstrumentationRegistry.getArguments()
        val token = checkNotNull(arguments.getString("musterToken")) { "say -e musterToken TOKEN" }
        AdminApi(arguments.getString("musterServer") ?: "http://127.0.0.1:8780", token)
    }
}
