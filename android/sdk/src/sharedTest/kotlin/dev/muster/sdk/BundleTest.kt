package dev.muster.sdk

import android.os.Bundle
import android.os.Parcel
import android.os.Parcelable
import dev.muster.ffi.MusterException
import org.json.JSONObject
import org.junit.Assert.assertEquals
import org.junit.Assert.assertThrows
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith

/** Every shape in which a restriction reaches an app, through the native reader. */
@RunWith(PhoneRunner::class)
class BundleTest {
    private fun check(expected: String, put: Bundle.() -> Unit) {
        val bundle = Bundle().apply(put)
        val json = """{"k":$expected}"""
        assertEquals(JSONObject(json).toString(), JSONObject(NativeBundles.read(bundle)).toString())
        assertEquals(json, NativeBundles.read(sentOver(bundle)))
    }

    /** As it arrives from another process: unpacked by class loader, arrays rebuilt. */
    private fun sentOver(bundle: Bundle): Bundle {
        val parcel = Parcel.obtain()
        try {
            parcel.writeBundle(bundle)
            parcel.setDataPosition(0)
            return parcel.readBundle(javaClass.classLoader)!!
        } finally {
            parcel.recycle()
        }
    }

    @Test
    fun typesThatRestrictionsHave() {
        check("true") { putBoolean("k", true) }
        check("24") { putInt("k", 24) }
        check("\"grün 😀\"") { putString("k", "grün 😀") }
        check("""["a","b"]""") { putStringArray("k", arrayOf("a", "b")) }
        check("""{"inner":"x"}""") { putBundle("k", bundleOf("inner" to "x")) }
    }

    @Test
    fun choicesAndSecretsAreTexts_andAListOfOneIsAList() {
        // `string`, `hidden` and `choice` arrive alike; some consoles send a choice as a list.
        check("\"warn\"") { putString("k", "warn") }
        check("""["warn"]""") { putStringArray("k", arrayOf("warn")) }
        check("[]") { putStringArray("k", emptyArray()) }
        check("\"\"") { putString("k", "") }
        // A list with holes in it is still a list.
        check("""["a",null]""") { putStringArray("k", arrayOf("a", null)) }
    }

    @Test
    fun bundleArrays() {
        val one = bundleOf("name" to "one")
        val two = bundleOf("name" to "two")
        check("""[{"name":"one"},{"name":"two"}]""") { putParcelableArray("k", arrayOf<Parcelable>(one, two)) }
        // The runtime class may be Bundle[], too.
        check("""[{"name":"one"}]""") { putParcelableArray("k", arrayOf(one)) }
        check("""[{"name":"one"}]""") { putParcelableArrayList("k", arrayListOf(one)) }
        // Each element wrapped once more, as some consoles send it.
        check("""[{"source":{"name":"one"}}]""") {
            putParcelableArray("k", arrayOf<Parcelable>(Bundle().apply { putBundle("source", one) }))
        }
    }

    @Test
    fun typesThatArriveAllTheSame() {
        check("""{"${'$'}long":24}""") { putLong("k", 24L) }
        check("""{"${'$'}double":1.5}""") { putDouble("k", 1.5) }
        check("""{"${'$'}float":1.0}""") { putFloat("k", 1f) }
        check("null") { putString("k", null) }
        check("\"text\"") { putCharSequence("k", StringBuilder("text")) }
        check("""["a"]""") { putStringArrayList("k", arrayListOf("a")) }
    }

    @Test
    fun nothingAndEmptyAreTold() {
        assertEquals("null", NativeBundles.read(null))
        assertEquals("{}", NativeBundles.read(Bundle()))
        assertEquals(listOf("null", "{}"), NativeBundles.readAll(listOf(null, Bundle())).toList())
    }

    @Test
    fun limitsAreErrorsThatNameThem() {
        val many = Bundle().apply { repeat(1_001) { putBoolean("key$it", true) } }
        val keys = assertThrows(MusterException.OverLimit::class.java) { NativeBundles.read(many) }
        assertTrue(keys.message, keys.message!!.isNotEmpty())
        var deep = Bundle()
        repeat(20) { level -> deep = Bundle().apply { putBundle("level$level", deep) } }
        assertThrows(MusterException.OverLimit::class.java) { NativeBundles.read(deep) }
        val large = bundleOf(*Array(5) { "key$it" to "x".repeat(60_000) })
        assertThrows(MusterException.OverLimit::class.java) { NativeBundles.read(large) }
    }

    @Test
    fun aTextThatIsTooLongCostsNoOtherSetting() {
        // It is cut just behind the limit, so that the core finds it too long.
        val read = JSONObject(NativeBundles.read(bundleOf("support_email" to "x".repeat(100_000), "caller_id" to true)))
        assertEquals(65_537, read.getString("support_email").length)
        assertTrue(read.getBoolean("caller_id"))
    }

    @Test
    fun severalAdminsAreSeveralSources() {
        val event = RestrictionsReader.ofAdmins(listOf(bundleOf("caller_id" to true), bundleOf("caller_id" to false)))
        assertEquals(2, event.sources.size)
        assertEquals(1, RestrictionsReader.of(null).sources.size)
    }
}
