package dev.muster.sdk

import dev.muster.ffi.HttpFailure
import dev.muster.ffi.HttpHeader
import dev.muster.ffi.HttpRequest
import dev.muster.ffi.HttpTimeouts
import org.junit.After
import org.junit.Assert.assertArrayEquals
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import java.io.ByteArrayOutputStream
import java.io.InputStream
import java.net.InetAddress
import java.net.ServerSocket
import java.net.Socket
import java.util.concurrent.CompletableFuture
import java.util.concurrent.CopyOnWriteArrayList
import java.util.concurrent.TimeUnit

/** OkHttp as the agent wants it, against a server that says exactly what a test tells it. */
@RunWith(PhoneRunner::class)
class TransportTest {
    private val transport = OkHttpTransport()
    private val servers = mutableListOf<Scripted>()

    @After
    fun close() {
        transport.close()
        servers.forEach(Scripted::close)
    }

    private fun server(answer: (Socket) -> Unit) = Scripted(answer).also(servers::add)

    private fun says(text: String) = server { it.getOutputStream().write(text.toByteArray()) }

    private fun run(url: String, method: String = "GET", body: String = "", vararg headers: Pair<String, String>): Collected {
        val answer = Collected()
        transport.start(1, request(url, method, body, *headers), answer)
        answer.finished.get(20, TimeUnit.SECONDS)
        return answer
    }

    private fun request(
        url: String,
        method: String = "GET",
        body: String = "",
        vararg headers: Pair<String, String>,
        timeouts: HttpTimeouts = PATIENT,
    ) =
        HttpRequest(method, url, headers.map { HttpHeader(it.first, it.second) }, body.toByteArray(), timeouts)

    @Test
    fun methodsOfWebDavAreSentAsTheyStand() {
        for (method in listOf("PROPFIND", "REPORT")) {
            val server = says("HTTP/1.1 207 Multi-Status\r\nContent-Length: 2\r\n\r\nok")
            val answer = run(server.url + "book/", method, "<xml/>", "Depth" to "1", "Content-Type" to "application/xml; charset=utf-8")
            assertEquals(207, answer.status)
            assertEquals("ok", answer.text())
            val sent = server.requests.single()
            assertTrue(sent, sent.startsWith("$method /book/ HTTP/1.1\r\n"))
            assertTrue(sent, "Depth: 1\r\n" in sent && "Content-Type: application/xml; charset=utf-8\r\n" in sent)
            assertTrue(sent, sent.endsWith("\r\n\r\n<xml/>"))
        }
    }

    @Test
    fun redirectsAndLoginsAreTheAgentsBusiness() {
        val elsewhere = says("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        val moved = says("HTTP/1.1 302 Found\r\nLocation: ${elsewhere.url}\r\nContent-Length: 0\r\n\r\n")
        assertEquals(302, run(moved.url).status)
        assertTrue(elsewhere.requests.isEmpty())

        val login = says("HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n\r\n")
        val answer = run(login.url)
        assertEquals(401, answer.status)
        assertEquals("Basic realm=\"x\"", answer.headers.first { it.name.equals("www-authenticate", true) }.value)
        assertEquals(1, login.requests.size)
    }

    @Test
    fun nothingIsKeptBetweenRequests() {
        val server =
            says("HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\nCache-Control: max-age=600\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx")
        repeat(2) { run(server.url) }
        assertEquals(2, server.requests.size)
        assertTrue(server.requests[1], "Cookie" !in server.requests[1])
    }

    @Test
    fun aBodyComesInPieces() {
        val body = ByteArray(1_000_000) { (it % 251).toByte() }
        val server = server {
            it.getOutputStream().write("HTTP/1.1 200 OK\r\nContent-Length: ${body.size}\r\n\r\n".toByteArray())
            it.getOutputStream().write(body)
        }
        val answer = run(server.url)
        assertArrayEquals(body, answer.body.toByteArray())
        assertTrue("${answer.largest}", answer.largest <= 64 * 1024)
    }

    @Test
    fun failuresHaveNames() {
        val port = ServerSocket(0, 1, LOCAL).use { it.localPort }
        assertEquals(HttpFailure.REFUSED, run("http://127.0.0.1:$port/").failure)
        assertEquals(HttpFailure.NAME_NOT_FOUND, run("http://nobody.invalid/").failure)
        assertEquals(HttpFailure.CUT, run(server { }.url).failure)
        assertEquals(HttpFailure.CUT, run(says("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc").url).failure)
        assertEquals(HttpFailure.TLS, run(says("no TLS here").url.replace("http:", "https:")).failure)
        assertEquals(HttpFailure.OTHER, run("not an address").failure)
    }

    @Test
    fun patienceHasAnEnd() {
        val silent = server { Thread.sleep(30_000) }
        val answer = Collected()
        transport.start(2, request(silent.url, timeouts = HttpTimeouts(5_000, 200, 200)), answer)
        answer.finished.get(20, TimeUnit.SECONDS)
        assertEquals(HttpFailure.TIMED_OUT, answer.failure)

        val slow = server {
            it.getOutputStream().write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc".toByteArray())
            Thread.sleep(30_000)
        }
        val piece = Collected()
        transport.start(3, request(slow.url, timeouts = HttpTimeouts(5_000, 20_000, 200)), piece)
        piece.finished.get(20, TimeUnit.SECONDS)
        assertEquals(200, piece.status)
        assertEquals(HttpFailure.TIMED_OUT, piece.failure)
    }

    @Test
    fun whatIsGivenUpIsSilent() {
        val begun = CompletableFuture<Unit>()
        val silent = server {
            begun.complete(Unit)
            Thread.sleep(30_000)
        }
        val answer = Collected()
        transport.start(4, request(silent.url), answer)
        begun.get(20, TimeUnit.SECONDS)
        transport.cancel(4)
        // Another one runs its whole way meanwhile.
        assertEquals(200, run(says("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").url).status)
        assertTrue(!answer.finished.isDone)
    }

    private companion object {
        val PATIENT = HttpTimeouts(5_000, 10_000, 10_000)
        val LOCAL: InetAddress = InetAddress.getByName("127.0.0.1")
    }

    /** What became of a request. */
    private class Collected : Transport.Answer {
        var status = 0
        var headers = emptyList<HttpHeader>()
        val body = ByteArrayOutputStream()
        var largest = 0
        var failure: HttpFailure? = null
        val finished = CompletableFuture<Unit>()

        override fun head(status: Int, headers: List<HttpHeader>) {
            this.status = status
            this.headers = headers
        }

        override fun body(chunk: ByteArray) {
            largest = maxOf(largest, chunk.size)
            body.write(chunk)
        }

        override fun end() {
            finished.complete(Unit)
        }

        override fun failure(failure: HttpFailure) {
            this.failure = failure
            finished.complete(Unit)
        }

        fun text() = body.toByteArray().decodeToString()
    }

    /** Reads a request, says its piece, hangs up. */
    private class Scripted(private val answer: (Socket) -> Unit) : AutoCloseable {
        private val listening = ServerSocket(0, 10, LOCAL)
        val requests = CopyOnWriteArrayList<String>()
        val url = "http://127.0.0.1:${listening.localPort}/"

        init {
            Thread(::serve).apply { isDaemon = true }.start()
        }

        private fun serve() {
            while (true) {
                val socket = runCatching { listening.accept() }.getOrNull() ?: return
                Thread { runCatching { socket.use(::talk) } }.apply { isDaemon = true }.start()
            }
        }

        private fun talk(socket: Socket) {
            requests += read(socket.getInputStream())
            answer(socket)
        }

        private fun read(input: InputStream): String {
            val text = StringBuilder()
            while (!text.endsWith("\r\n\r\n")) {
                val byte = input.read()
                if (byte < 0) break
                text.append(byte.toChar())
                // A TLS greeting has no lines.
                if (text.length == 1 && byte == TLS_HANDSHAKE) return "TLS"
            }
            val length = Regex("content-length: (\\d+)", RegexOption.IGNORE_CASE).find(text)?.groupValues?.get(1)?.toInt() ?: 0
            repeat(length) { text.append(input.read().toChar()) }
            return text.toString()
        }

        override fun close() = listening.close()

        private companion object {
            const val TLS_HANDSHAKE = 0x16
        }
    }
}
