package dev.muster.sdk

import org.json.JSONArray
import org.json.JSONObject

/** A file of tests/vectors. */
fun vectors(path: String): JSONObject {
    val stream = checkNotNull(SoftwareVault::class.java.classLoader!!.getResourceAsStream(path)) { "there is no $path" }
    return JSONObject(stream.use { it.readBytes().decodeToString() })
}

/** The objects in an array. */
fun JSONArray.objects(): List<JSONObject> = (0 until length()).map(::getJSONObject)

/** The texts in an array. */
fun JSONArray.strings(): List<String> = (0 until length()).map(::getString)
