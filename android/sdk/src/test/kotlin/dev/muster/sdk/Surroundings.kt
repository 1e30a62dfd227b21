package dev.muster.sdk

import android.content.Context
import org.json.JSONObject
import org.junit.runners.model.FrameworkMethod
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.internal.bytecode.InstrumentationConfiguration
import java.io.File
import java.nio.file.Files
import java.util.concurrent.TimeUnit

/**
 * Runs a test on the JVM, with Robolectric. The bindings load one native library for the process,
 * so they stay out of the class loaders that Robolectric makes.
 */
class PhoneRunner(test: Class<*>) : RobolectricTestRunner(test) {
    override fun createClassLoaderConfig(method: FrameworkMethod): InstrumentationConfiguration =
        InstrumentationConfiguration.Builder(super.createClassLoaderConfig(method))
            .doNotAcquirePackage("dev.muster.ffi.")
            .doNotAcquirePackage("kotlin.")
            .build()
}

/** What tests stand on: here, the JVM. src/androidTest has the same for a phone. */
object Surroundings {
    /** The app. */
    val context: Context get() = RuntimeEnvironment.getApplication()

    /** A management server in a process of its own, one for all tests; it ends with them. */
    val admin: AdminApi by lazy { start(File(System.getProperty("muster.server")!!)) }

    private fun start(program: File): AdminApi {
        check(program.canExecute()) { "there is no muster-server at $program: cargo build -p muster-server" }
        val folder = Files.createTempDirectory("muster-server").toFile()
        val data = folder.resolve("company.db").path
        val init = command(program, "--json", "init", "--data", data).start()
        val token = JSONObject(init.inputStream.readBytes().decodeToString()).getString("token")
        check(init.waitFor() == 0) { "muster-server init failed" }
        val serve = command(program, "--json", "serve", "--listen", "127.0.0.1:0", "--data", data)
            .redirectError(folder.resolve("server.log")).start()
        Runtime.getRuntime().addShutdownHook(
            Thread {
                serve.destroy()
                serve.waitFor(5, TimeUnit.SECONDS)
                folder.deleteRecursively()
            },
        )
        // It says where it listens as soon as it does.
        val said = serve.inputStream.bufferedReader().readLine() ?: error("muster-server said nothing")
        return AdminApi(JSONObject(said).getString("issuer"), token)
    }

    private fun command(program: File, vararg words: String) = ProcessBuilder(program.path, *words).apply {
        environment().keys.removeIf { it.startsWith("MUSTER_") }
    }
}
