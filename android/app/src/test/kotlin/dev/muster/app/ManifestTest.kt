package dev.muster.app

import android.app.Application
import android.content.ComponentName
import android.content.Intent
import android.content.RestrictionsManager
import android.content.pm.ApplicationInfo
import android.content.pm.ComponentInfo
import android.content.pm.PackageManager
import android.net.Uri
import dev.muster.ffi.SignalKind
import dev.muster.ffi.SignalReading
import dev.muster.sdk.Muster
import dev.muster.sdk.NativeBundlesName
import dev.muster.sdk.PhoneRunner
import dev.muster.sdk.SignalCollector
import dev.muster.sdk.SyncJob
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RuntimeEnvironment
import org.robolectric.annotation.Config
import java.io.File

/** What the app's manifest and the library's say together, as the system reads them. */
@RunWith(PhoneRunner::class)
@Config(application = TestApplication::class)
class ManifestTest {
    private val app: Application get() = RuntimeEnvironment.getApplication()
    private val info get() = app.packageManager.getApplicationInfo(app.packageName, PackageManager.GET_META_DATA)
    private val android = File(System.getProperty("muster.android")!!)

    @After
    fun close() = Muster.running()!!.close()

    @Test
    fun everythingStaysOnThePhone() {
        assertEquals(0, info.flags and ApplicationInfo.FLAG_ALLOW_BACKUP)
        val rules = android.resolve("sdk/src/main/res/xml/muster_data_extraction_rules.xml").readText()
        for (way in listOf("cloud-backup", "device-transfer")) {
            val excluded = Regex("<$way>(.*?)</$way>", RegexOption.DOT_MATCHES_ALL).find(rules)!!.groupValues[1]
            for (domain in listOf("root", "file", "database", "sharedpref", "external")) {
                assertTrue(
                    "$way $domain",
                    "\"$domain\"" in excluded,
                )
            }
        }
        assertTrue("@xml/muster_data_extraction_rules" in android.resolve("app/src/main/AndroidManifest.xml").readText())
    }

    @Test
    fun theAdminSeesItsSettings() {
        assertTrue(info.metaData.getInt("android.content.APP_RESTRICTIONS") != 0)
        val restrictions = app.getSystemService(RestrictionsManager::class.java).getManifestRestrictions(app.packageName)
        assertTrue(restrictions.any { it.key == "server_url" })
        assertEquals(SignalReading.Version("0.1.0"), SignalCollector(app).collect()[SignalKind.APP_VERSION])
    }

    @Test
    fun othersReachTheScreenAndNothingElse() {
        val wanted =
            PackageManager.GET_ACTIVITIES or PackageManager.GET_SERVICES or PackageManager.GET_RECEIVERS or PackageManager.GET_PROVIDERS
        val all = app.packageManager.getPackageInfo(app.packageName, wanted)
        val parts = listOf<Array<out ComponentInfo>?>(all.activities, all.services, all.receivers, all.providers)
            .flatMap { it?.toList().orEmpty() }
        assertEquals(listOf(MainActivity::class.java.name), parts.filter { it.exported }.map { it.name })
        val job = app.packageManager.getServiceInfo(ComponentName(app, SyncJob::class.java), 0)
        assertEquals("android.permission.BIND_JOB_SERVICE", job.permission)
        assertFalse("before the first unlock there are no keys", parts.any { it.directBootAware })
    }

    @Test
    fun nothingIsAskedOfThePhoneButThis() {
        val asked = app.packageManager.getPackageInfo(app.packageName, PackageManager.GET_PERMISSIONS).requestedPermissions.toSet()
        val known = setOf("INTERNET", "ACCESS_NETWORK_STATE", "RECEIVE_BOOT_COMPLETED", "REQUEST_PASSWORD_COMPLEXITY", "POST_NOTIFICATIONS")
        assertEquals(known.map { "android.permission.$it" }.toSet(), asked)
    }

    @Test
    fun activationLinksOpenTheApp() {
        fun opens(url: String): Boolean {
            val intent = Intent(Intent.ACTION_VIEW, Uri.parse(url)).addCategory(Intent.CATEGORY_BROWSABLE)
            return app.packageManager.queryIntentActivities(intent, 0).any { it.activityInfo.packageName == app.packageName }
        }
        assertTrue(opens("https://link.muster.dev/a#v=1&s=muster.example&c=x"))
        for (url in listOf("http://link.muster.dev/a", "https://link.muster.dev/ab", "https://evil.example/a", "muster://a")) {
            assertFalse(url, opens(url))
        }
    }

    /** Rules for R8 name classes that no compiler checks. */
    @Test
    fun rulesNameClassesThatAreThere() {
        val rules = android.resolve("sdk/consumer-rules.pro").readText()
        val named = Regex("-keep class (dev\\.muster\\.[\\w.]+)").findAll(rules).map { it.groupValues[1] }.toList()
        assertTrue("$named", NativeBundlesName in named && "dev.muster.ffi." in named)
        named.filterNot { it.endsWith(".") }.forEach { Class.forName(it, false, javaClass.classLoader) }
    }
}
