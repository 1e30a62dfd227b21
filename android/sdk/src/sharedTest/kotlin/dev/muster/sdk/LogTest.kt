package dev.muster.sdk

import dev.muster.ffi.LogLevel
import dev.muster.ffi.LogRecord
import dev.muster.ffi.LogSink
import dev.muster.ffi.setLogSink
import org.junit.After
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import java.util.concurrent.CopyOnWriteArrayList

/** An app that wants the log lines for itself gets them, and nobody's name in them. */
@RunWith(PhoneRunner::class)
class LogTest {
    private object Silent : LogSink {
        override fun log(record: LogRecord) = Unit
    }

    @After
    fun quiet() = setLogSink(Silent, LogLevel.WARN)

    @Test
    fun linesReachTheAppWithoutAnybodysName() {
        val lines = CopyOnWriteArrayList<LogRecord>()
        setLogSink(
            object : LogSink {
                override fun log(record: LogRecord) {
                    lines += record
                }
            },
            LogLevel.TRACE,
        )
        val company = Surroundings.admin.found("log", "Nordlicht GmbH").hires(People.csv(3))
        TestPhone("log", LogLevel.TRACE).configured(*company.waysIn).opened().use { phone ->
            phone.until("contacts there") { it.contacts.lastSync != null }
        }
        assertTrue("$lines", lines.isNotEmpty() && lines.all { it.target.startsWith("muster") })
        val secrets = listOf(People.name(0), People.email(0), People.phone(0), company.waysIn[2].second.toString())
        assertTrue("$lines", lines.none { line -> secrets.any { it in line.message } })
    }
}
