package dev.muster.sdk

import android.os.Bundle
import android.os.Parcelable
import dev.muster.ffi.DeviceInfo
import dev.muster.ffi.EffectOutcome
import dev.muster.ffi.Event
import dev.muster.ffi.KeyedState
import dev.muster.ffi.KeyedStateSeverity
import dev.muster.ffi.MusterAgent
import dev.muster.ffi.Now
import dev.muster.ffi.OpenOptions
import dev.muster.ffi.PhoneEffect
import dev.muster.ffi.Platform
import dev.muster.ffi.Step
import org.json.JSONArray
import org.json.JSONObject
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import java.io.File

/**
 * tests/vectors/config through real Bundles: what the core makes of them must not depend on the way
 * over the boundary. Layers other than the MDM's, and what follows from a change, can't be seen from
 * here; Rust runs those.
 */
@RunWith(PhoneRunner::class)
class ConfigVectorsTest {
    private val failures = mutableListOf<String>()
    private val vault = SoftwareVault()
    private var opened = 0

    @Test
    fun booleans() = run("booleans")

    @Test
    fun numbers() = run("numbers")

    @Test
    fun texts() = run("texts")

    @Test
    fun lists() = run("lists")

    @Test
    fun names() = run("names")

    @Test
    fun placeholders() = run("placeholders")

    @Test
    fun layers() = run("layers")

    @Test
    fun changes() = run("changes")

    private fun run(file: String) {
        val cases = vectors("config/$file.json").getJSONArray("cases").objects().filter(::canRun)
        assertTrue("no cases in $file", cases.isNotEmpty())
        cases.forEach { check(it, "$file: ${it.getString("about")}") }
        assertTrue("${failures.size} of ${cases.size}:\n${failures.joinToString("\n")}", failures.isEmpty())
    }

    private fun canRun(case: JSONObject): Boolean {
        val members = case.keys().asSequence() + (case.optJSONObject("before")?.keys()?.asSequence() ?: emptySequence())
        return case.optString("platform", "android") == "android" && members.none { it in ELSEWHERE } &&
            CHECKED.any(case::has)
    }

    private fun check(case: JSONObject, label: String) {
        val phone = open()
        phone.agent.use {
            case.optJSONObject("before")?.let(phone::takes)
            phone.takes(case)
            val shown = JSONObject(phone.agent.configJson())
            case.optJSONObject("settings")?.let { checkSettings(it, shown, label) }
            case.optJSONObject("notes")?.let { checkNotes(it, shown, label) }
            case.optJSONObject("unknown")?.let { checkUnknown(it, shown, label) }
            case.optJSONObject("feedback")?.let { checkFeedback(it, phone, label) }
            phone.agent.shutDown()
        }
    }

    private fun checkSettings(expected: JSONObject, shown: JSONObject, label: String) {
        for (key in expected.keys()) {
            val setting = setting(shown, key)
            val wanted = expected.get(key)
            val members =
                wanted as? JSONObject ?: JSONObject().put("value", wanted).put("state", "valid").put("from", "received").put("layer", "mdm")
            for (member in members.keys()) compare("$label: $key.$member", members.get(member), setting.opt(member))
        }
    }

    private fun checkNotes(expected: JSONObject, shown: JSONObject, label: String) {
        for (key in expected.keys()) {
            val notes = setting(shown, key).getJSONArray("notes").strings()
            val wanted = expected.getJSONArray(key).strings()
            val well = if (wanted.isEmpty()) notes.isEmpty() else wanted.all { part -> notes.any { part in it } }
            if (!well) failures += "$label: notes of $key: wanted $wanted, got $notes"
        }
    }

    private fun checkUnknown(expected: JSONObject, shown: JSONObject, label: String) {
        val got = shown.getJSONArray("unknown").objects().associate { it.getString("key") to it.optString("meant").ifEmpty { null } }
        val wanted = expected.keys().asSequence().associateWith { if (expected.isNull(it)) null else expected.getString(it) }
        if (wanted != got) failures += "$label: unknown: wanted $wanted, got $got"
    }

    private fun checkFeedback(expected: JSONObject, phone: Bench, label: String) {
        val got = phone.feedback.filter { it.key !in ABOUT_THE_PHONE }
            .associate { it.key to if (it.severity == KeyedStateSeverity.ERROR) "error" else "info" }
        val wanted = expected.keys().asSequence().associateWith(expected::getString)
        if (wanted != got) failures += "$label: feedback: wanted $wanted, got $got"
    }

    private fun compare(label: String, wanted: Any?, got: Any?) {
        if (normal(wanted) != normal(got)) failures += "$label: wanted $wanted, got $got"
    }

    private fun normal(value: Any?): String = when (value) {
        null, JSONObject.NULL -> "null"
        is Number -> value.toDouble().toString()
        is JSONArray -> (0 until value.length()).map { normal(value.get(it)) }.toString()
        is JSONObject -> value.keys().asSequence().sorted().map { it to normal(value.get(it)) }.toList().toString()
        else -> value.toString()
    }

    private fun setting(shown: JSONObject, key: String) =
        shown.getJSONArray("settings").objects().first { it.getString("key") == key }

    /** A new phone whose agent needs no network. */
    private fun open(): Bench {
        val folder = File(Surroundings.context.noBackupFilesDir, "vectors-${opened++}").path
        val device = DeviceInfo("Test", "14", "1.0")
        val agent = MusterAgent.open(OpenOptions(folder, Platform.ANDROID, "en", device), NOW)
        return Bench(agent, vault)
    }

    private class Bench(val agent: MusterAgent, private val vault: KeyVault) {
        var feedback: List<KeyedState> = emptyList()

        /** Takes what a console sent, and does all there is to be done without a network. */
        fun takes(input: JSONObject) {
            val admins = input.optJSONObject("admins")
            val event = when {
                admins != null -> RestrictionsReader.ofAdmins(admins.keys().asSequence().map { bundle(admins.getJSONObject(it)) }.toList())
                input.isNull("mdm") -> RestrictionsReader.of(null)
                else -> RestrictionsReader.of(bundle(input.getJSONObject("mdm")))
            }
            agent.handle(event, NOW)
            repeat(STEPS) {
                when (val step = agent.poll(NOW)) {
                    is Step.Vault -> agent.onVault(step.id, vault.run(step.op), NOW)
                    is Step.Effect -> {
                        (step.effect as? PhoneEffect.PublishFeedback)?.let { feedback = it.states }
                        agent.onEffect(step.id, EffectOutcome.DONE, NOW)
                    }
                    // Requests stay without an answer.
                    is Step.Send, is Step.Cancel -> Unit
                    is Step.Wait, Step.Idle -> return
                }
            }
            error("the agent keeps asking")
        }
    }

    private companion object {
        val NOW = Now(1_790_000_000_000, 60_000, 3)
        const val STEPS = 200

        /** Layers that only the core's own tests can set, and what is for iOS. */
        val ELSEWHERE = setOf("person", "server", "individual", "plist")
        val CHECKED = listOf("settings", "notes", "unknown", "feedback")
        val ABOUT_THE_PHONE = setOf("licence", "state")

        fun bundle(tree: JSONObject): Bundle = Bundle().apply { tree.keys().forEach { put(it, tree.get(it)) } }

        fun Bundle.put(key: String, value: Any) {
            when (value) {
                JSONObject.NULL -> putString(key, null)
                is Boolean -> putBoolean(key, value)
                is Int -> putInt(key, value)
                is Long -> putLong(key, value)
                is Double -> putDouble(key, value)
                is String -> putString(key, value)
                is JSONArray -> putArray(key, value)
                is JSONObject -> putTagged(key, value)
                else -> error("no value of a Bundle: $value")
            }
        }

        private fun Bundle.putTagged(key: String, value: JSONObject) {
            val tag = value.keys().asSequence().singleOrNull()?.takeIf { it.startsWith("$") }
            when (tag) {
                null -> putBundle(key, bundle(value))
                "\$long" -> putLong(key, value.getLong(tag))
                "\$double" -> putDouble(key, number(value.get(tag)))
                "\$float" -> putFloat(key, number(value.get(tag)).toFloat())
                "\$string_array" -> putStringArray(key, value.getJSONArray(tag).strings().toTypedArray())
                "\$parcelables" -> putParcelableArray(key, parcelables(value.getJSONArray(tag)))
                else -> error("unknown tag $tag")
            }
        }

        private fun number(value: Any) = when (value) {
            "NaN" -> Double.NaN
            "Infinity" -> Double.POSITIVE_INFINITY
            "-Infinity" -> Double.NEGATIVE_INFINITY
            else -> (value as Number).toDouble()
        }

        private fun Bundle.putArray(key: String, array: JSONArray) {
            val items = (0 until array.length()).map(array::get)
            when {
                items.all { it is String } -> putStringArray(key, array.strings().toTypedArray())
                items.all { it is JSONObject } -> putParcelableArray(key, parcelables(array))
                else -> putSerializable(key, ArrayList(items))
            }
        }

        private fun parcelables(array: JSONArray): Array<Parcelable> = array.objects().map(::bundle).toTypedArray()
    }
}
