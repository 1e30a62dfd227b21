package dev.muster.sdk

import dev.muster.ffi.MatchedRange
import dev.muster.ffi.MusterDirectory
import dev.muster.ffi.SearchHit
import org.json.JSONObject
import org.junit.After
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith

/**
 * tests/vectors/search and caller, whole: the contacts go to a real server as vCards, come to the
 * phone by a real sync, and are asked for through the directory as an app does.
 */
@RunWith(PhoneRunner::class)
class PeopleVectorsTest {
    private val failures = mutableListOf<String>()
    private val phones = mutableListOf<TestPhone>()

    @After
    fun close() = phones.forEach(TestPhone::close)

    @Test
    fun searchWords() = search("words")

    @Test
    fun searchLetters() = search("letters")

    @Test
    fun searchNumbers() = search("numbers")

    @Test
    fun searchAddresses() = search("addresses")

    @Test
    fun searchOrder() = search("order")

    @Test
    fun callerNumbers() = caller("numbers")

    @Test
    fun callerPeople() = caller("people")

    private fun search(file: String) {
        val vectors = vectors("search/$file.json")
        val directory = phoneWith(vectors, "search-$file")
        // On this way a national number has no country; the core's own tests give it one.
        val elsewhere = vectors.getJSONArray("contacts").objects().filter(::isToldApart).map { it.getString("name") }
        val cases = vectors.getJSONArray("cases").objects().filter { case -> case.getJSONArray("found").strings().none { it in elsewhere } }
        assertTrue("${cases.size} cases", cases.size * 2 > vectors.getJSONArray("cases").length())
        for (case in cases) {
            val query = case.getString("query")
            val found = directory.search(query)
            compare("$file: \"$query\" finds", case.getJSONArray("found").strings(), found.map { it.name })
            case.optJSONArray("matched")?.let { wanted ->
                val ranges = (0 until wanted.length()).map { n -> wanted.getJSONArray(n).objects().map(::range) }
                compare("$file: \"$query\" marks", ranges, found.map { hit -> hit.ranges() })
            }
        }
        finish()
    }

    private fun caller(file: String) {
        val vectors = vectors("caller/$file.json")
        val directory = phoneWith(vectors, "caller-$file")
        for (case in vectors.getJSONArray("cases").objects()) {
            val number = case.getString("number")
            val caller = directory.lookUpCaller(number)
            compare("$file: $number", case.getString("match"), caller.found.name.lowercase())
            compare("$file: $number is", case.getJSONArray("contacts").strings(), caller.contacts.map { it.name })
        }
        finish()
    }

    private fun finish() = assertTrue("${failures.size}:\n${failures.joinToString("\n")}", failures.isEmpty())

    private fun compare(label: String, wanted: Any, got: Any) {
        if (wanted != got) failures += "$label: wanted $wanted, got $got"
    }

    /** A phone that has synced the contacts of a file. */
    private fun phoneWith(vectors: JSONObject, id: String): MusterDirectory {
        // The server keeps one card of a UID; the second of a person is in another book.
        val contacts = vectors.getJSONArray("contacts").objects().withIndex().distinctBy {
            it.value.optString("uid", "u${it.index}")
        }.map { it.value }
        val company = Surroundings.admin.found(id, "Vectors").hiresCards(contacts.mapIndexed(::card))
        val phone = TestPhone(id).also(phones::add).configured(*company.waysIn).opened()
        phone.until("${contacts.size} contacts there") {
            it.contacts.lastSync != null &&
                it.contacts.count == contacts.size.toLong()
        }
        return phone.muster.directory
    }

    private fun card(index: Int, contact: JSONObject) = buildString {
        fun line(name: String, value: String?) {
            if (!value.isNullOrEmpty()) append(name).append(':').append(value).append("\r\n")
        }
        append("BEGIN:VCARD\r\nVERSION:4.0\r\n")
        line("UID", contact.optString("uid", "u$index"))
        line("FN", escaped(contact.getString("name")))
        line("N", contact.optString("given").ifEmpty { null }?.let { ";" + escaped(it) + ";;;" })
        line("NICKNAME", escaped(contact.optString("nickname")))
        val work = listOf("organization", "department").map { escaped(contact.optString(it)) }
        line("ORG", work.joinToString(";").takeIf { it != ";" }?.trimEnd(';'))
        line("TITLE", escaped(contact.optString("title")))
        contact.optJSONArray("emails")?.strings()?.forEach { line("EMAIL", escaped(it)) }
        val phones = contact.optJSONArray("phones")
        for (n in 0 until (phones?.length() ?: 0)) line("TEL", phone(phones!!.get(n)))
        append("END:VCARD\r\n")
    }

    /** A phone as a card has it; its E.164 form is for the core to find. */
    private fun phone(phone: Any) = if (phone is JSONObject) phone.getString("number") else phone.toString()

    /** Whether the E.164 form of a phone stands in its vector, but follows from nothing on the card. */
    private fun isToldApart(contact: JSONObject): Boolean {
        val phones = contact.optJSONArray("phones") ?: return false
        return (0 until phones.length()).map(phones::get).any { it is JSONObject && it.getString("number").first().isDigit() }
    }

    private fun escaped(text: String) = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")

    private fun range(json: JSONObject) =
        listOf(json.getString("field"), json.opt("index")?.toString(), json.getInt("start").toString(), json.getInt("length").toString())

    private fun SearchHit.ranges() = matched.map(::words)

    private fun words(range: MatchedRange) =
        listOf(range.field.name.lowercase(), range.index?.toString(), range.start.toString(), range.length.toString())
}
