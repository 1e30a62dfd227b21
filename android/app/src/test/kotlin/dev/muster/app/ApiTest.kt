package dev.muster.app

import org.jetbrains.kotlin.abi.tools.AbiFilters
import org.jetbrains.kotlin.abi.tools.AbiToolsFactory
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNotEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import java.io.File
import java.util.ServiceLoader

/**
 * What apps can call, as sdk/api/sdk.api has it, in the form of Kotlin's own tools. A change of it is
 * to be seen in a review, and never happens by itself.
 *
 * After a change that is meant: `MUSTER_WRITE_API=1 mvn -f android/pom.xml test -Dtest=ApiTest`.
 */
class ApiTest {
    private val classes = File(System.getProperty("muster.classes")!!)
    private val written = File(System.getProperty("muster.android")!!, "sdk/api/sdk.api")

    private fun dump(files: List<File>): String {
        val none = emptySet<String>()
        val all = buildString { tools.printJvmDump(this, files, AbiFilters(none, EXCLUDED, none, none)) }
        // Only the library for tests panics on demand.
        return all.lineSequence().filter { "testPanic" !in it }.joinToString("\n")
    }

    private fun classFiles() = PACKAGES.flatMap { File(classes, it).walk() }.filter { it.extension == "class" && !isOfResources(it) }

    private fun isOfResources(file: File) = RESOURCES.matches(file.name)

    @Test
    fun whatIsPublicIsWhatIsWrittenDown() {
        val now = dump(classFiles())
        if (System.getenv("MUSTER_WRITE_API") != null) written.writeText(now)
        assertEquals("$written is not what is public now: see ApiTest", written.readText(), now)
    }

    @Test
    fun theControlsAreFound() {
        val now = dump(classFiles())
        assertTrue("what apps call is in it", "public final fun checkNow ()V" in now && "dev/muster/ffi/AgentState" in now)
        assertTrue("what is internal is not", "AgentLoop" !in now && "FfiConverter" !in now)
        val without = classFiles().filter { it.name != "MusterListener.class" }
        assertNotEquals("a class that is gone changes it", now, dump(without))
    }

    @Test
    fun appsNeedNoNameOfTheGeneratedCode() {
        val app = File(System.getProperty("muster.android")!!, "app/src/main/kotlin")
        val sources = app.walk().filter { it.extension == "kt" }.toList()
        assertTrue("${sources.size}", sources.size > 10)
        assertEquals(emptyList<String>(), sources.filter { "dev.muster.ffi" in it.readText() }.map { it.name })
    }

    private companion object {
        val PACKAGES = listOf("dev/muster/sdk", "dev/muster/ffi")
        val tools by lazy { ServiceLoader.load(AbiToolsFactory::class.java).single().get() }

        /** How the generated code works inside. */
        val EXCLUDED = setOf("FfiConverter**", "Uniffi**", "RustBuffer**", "Disposable**", "InternalException", "NoHandle**")
            .map { "dev.muster.ffi.$it" }.toSet()

        /** Ids of resources are the build's. */
        val RESOURCES = Regex("R(\\$.*)?\\.class")
    }
}
