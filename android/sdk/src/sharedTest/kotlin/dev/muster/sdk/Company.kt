package dev.muster.sdk

import org.json.JSONArray
import org.json.JSONObject
import java.net.HttpURLConnection
import java.net.URL

/** Where a management server's admin API is. */
class AdminApi(private val url: String, private val token: String) {
    /** The address that phones are told. */
    val server: String get() = url

    /** A new organisation. Each test has its own. */
    fun found(id: String, name: String): Company {
        call("POST", "tenants", JSONObject().put("id", id).put("name", name))
        return Company(this, id)
    }

    internal fun call(method: String, path: String, body: JSONObject? = null): String {
        val connection = URL("${url.trimEnd('/')}/admin/v1/$path").openConnection() as HttpURLConnection
        connection.requestMethod = method
        connection.setRequestProperty("Authorization", "Bearer $token")
        if (body != null) {
            connection.doOutput = true
            connection.setRequestProperty("Content-Type", "application/json")
            connection.outputStream.use { it.write(body.toString().toByteArray()) }
        }
        val status = connection.responseCode
        val stream = if (status < 400) connection.inputStream else connection.errorStream
        val text = stream?.use { it.readBytes().decodeToString() }.orEmpty()
        check(status < 300) { "$method $path: $status $text" }
        return text
    }
}

/** An organisation at the server. */
class Company(private val api: AdminApi, private val id: String) {
    /** What a console sends so that a phone activates itself. */
    val waysIn = arrayOf<Pair<String, Any>>(
        "server_url" to api.server,
        "license_username" to "licence-$id",
        "license_password" to "correct horse battery $id",
    )

    init {
        api.call(
            "POST",
            "tenants/$id/licences",
            JSONObject().put("username", waysIn[1].second).put("password", waysIn[2].second),
        )
    }

    /** Puts people on the list, given as the columns of a CSV file. */
    fun hires(csv: String): Company {
        val lines = csv.trim().lines().map { it.split(',') }
        return import(lines.drop(1).map { JSONObject(lines[0].zip(it).toMap()) })
    }

    /** Puts people on the list, given as vCards. */
    fun hiresCards(cards: List<String>): Company = import(cards.map { JSONObject().put("vcard", it) })

    private fun import(people: List<JSONObject>): Company {
        people.chunked(1_000).forEach {
            api.call("POST", "tenants/$id/people/import", JSONObject().put("people", JSONArray(it)))
        }
        return this
    }

    /** Takes somebody's access away. */
    fun revokes(email: String) {
        api.call("POST", "tenants/$id/people/revoke", JSONObject().put("people", JSONArray(listOf(email))))
    }

    /** Locks a phone that somebody lost; `message` is for whoever finds it. */
    fun locks(device: String, message: String) {
        api.call("POST", "tenants/$id/devices/lock", JSONObject().put("devices", JSONArray(listOf(device))).put("message", message))
    }

    /** The phones, as the server knows them. */
    fun devices(): JSONArray {
        val text = api.call("GET", "tenants/$id/devices")
        return if (text.startsWith("[")) {
            JSONArray(text)
        } else {
            JSONObject(text).optJSONArray("items")
                ?: JSONObject(text).getJSONArray("devices")
        }
    }
}

/** A list of made-up people. Nobody in it exists; the numbers are set aside for fiction. */
object People {
    private val FIRST = listOf("Anna", "Björn", "Chloé", "Dilan", "Emil", "Fatima", "Günther", "Hanna", "Ilse", "Jürgen")
    private val LAST = listOf("Müller", "Ångström", "O'Neill", "Schröder", "Yılmaz", "Lindqvist", "Weiß", "Nowak", "García", "Berg")
    private val WORK = listOf("Sales", "Support", "Finance", "Research")

    /** `count` people as a CSV file. */
    fun csv(count: Int): String = buildString {
        append("first_name,last_name,email,phone,department,title\n")
        for (n in 0 until count) {
            append(
                listOf(first(n), last(n), email(n), phone(n), WORK[n % WORK.size], "Person $n").joinToString(","),
            ).append('\n')
        }
    }

    /** The name of the n-th. */
    fun name(n: Int) = first(n) + " " + last(n)

    /** The number of the n-th. */
    fun phone(n: Int) = "+493023125%05d".format(n)

    /** The address of the n-th. */
    fun email(n: Int) = "person$n@nordlicht.example"

    private fun first(n: Int) = FIRST[n % FIRST.size]

    private fun last(n: Int) = LAST[n / FIRST.size % LAST.size]
}
