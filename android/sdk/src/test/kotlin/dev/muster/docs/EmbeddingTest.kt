package dev.muster.docs

import android.app.Application
import dev.muster.sdk.People
import dev.muster.sdk.PhoneRunner
import dev.muster.sdk.SoftwareVault
import dev.muster.sdk.Surroundings
import dev.muster.sdk.bundleOf
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RuntimeEnvironment
import java.io.File

/** What docs/embedding.md shows is what is compiled here, and it works. */
@RunWith(PhoneRunner::class)
class EmbeddingTest {
    private val android = File(System.getProperty("muster.android")!!)

    @Test
    fun thePageShowsWhatIsCompiled() {
        val page = android.resolve("../docs/embedding.md").readText()
        val source = android.resolve("sdk/src/test/kotlin/dev/muster/docs/EmbeddingSnippets.kt").readText()
        val shown = blocks(page, Regex("<!-- kotlin: (\\w+) -->\n```kotlin\n(.*?)```", RegexOption.DOT_MATCHES_ALL))
        val compiled = blocks(source, Regex("// begin: (\\w+)\n(.*?)// end\n", RegexOption.DOT_MATCHES_ALL))
        assertEquals(compiled, shown)
        assertTrue("nothing is shown", shown.size >= 5)
        assertEquals("a piece of Kotlin without a name", shown.size, Regex("```kotlin").findAll(page).count())
    }

    private fun blocks(text: String, form: Regex) = form.findAll(text).associate { it.groupValues[1] to it.groupValues[2] }

    @Test
    fun itFindsAColleague() {
        val company = Surroundings.admin.found("embedding", "Nordlicht GmbH").hires(People.csv(20))
        val app: Application = RuntimeEnvironment.getApplication()
        openForTests(app, SoftwareVault(), bundleOf(*company.waysIn, "default_region" to "DE")).use { muster ->
            val end = System.nanoTime() + 60_000_000_000L
            while (muster.state.contacts.lastSync == null && System.nanoTime() < end) Thread.sleep(5)
            assertEquals(listOf(People.name(7)), find(muster, People.email(7)))
            assertEquals(People.name(7), nameOf(muster, People.phone(7)))
            linkOpened(muster, "https://evil.example/a") { error("not a link of ours") }
            assertEquals(muster, healthy(app, muster))
        }
    }
}
