package dev.muster.sdk

import dev.muster.ffi.HttpFailure
import dev.muster.ffi.HttpHeader
import dev.muster.ffi.HttpRequest
import okhttp3.Authenticator
import okhttp3.Call
import okhttp3.Callback
import okhttp3.ConnectionPool
import okhttp3.CookieJar
import okhttp3.Dispatcher
import okhttp3.Headers
import okhttp3.OkHttpClient
import okhttp3.Request
import okhttp3.RequestBody.Companion.toRequestBody
import okhttp3.Response
import java.io.IOException
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.Executors
import java.util.concurrent.TimeUnit

/**
 * HTTP by OkHttp. The platform's own client refuses PROPFIND and REPORT.
 *
 * Redirects, cookies, cache, automatic logins and silent retries are off: the agent sees every
 * answer and decides. TLS and certificates are the platform's, its network security configuration
 * included.
 */
public class OkHttpTransport : Transport {
    private val threads = Executors.newCachedThreadPool { work -> Thread(work, "muster-http").apply { isDaemon = true } }
    private val calls = ConcurrentHashMap<Long, Call>()
    private val client = OkHttpClient.Builder()
        .dispatcher(Dispatcher(threads))
        // Without retries a connection that the server closed meanwhile is a failure, so idle ones are kept only shortly.
        .connectionPool(ConnectionPool(IDLE_CONNECTIONS, IDLE_SECONDS, TimeUnit.SECONDS))
        .followRedirects(false)
        .followSslRedirects(false)
        .retryOnConnectionFailure(false)
        .cookieJar(CookieJar.NO_COOKIES)
        .cache(null)
        .authenticator(Authenticator.NONE)
        .proxyAuthenticator(Authenticator.NONE)
        .writeTimeout(WRITE_SECONDS, TimeUnit.SECONDS)
        .build()

    override fun start(id: Long, request: HttpRequest, answer: Transport.Answer) {
        val call = try {
            clientFor(request).newCall(translate(request))
        } catch (_: IllegalArgumentException) {
            // An address or a header field that can't be sent.
            return answer.failure(HttpFailure.OTHER)
        }
        calls[id] = call
        call.enqueue(Receiver(id, request.timeouts.betweenBytesMs, answer))
    }

    override fun cancel(id: Long) {
        calls.remove(id)?.cancel()
    }

    override fun close() {
        calls.keys.forEach(::cancel)
        client.connectionPool.evictAll()
        threads.shutdown()
    }

    /** Shares threads and connections with all other requests. */
    private fun clientFor(request: HttpRequest) = client.newBuilder()
        .connectTimeout(request.timeouts.connectMs, TimeUnit.MILLISECONDS)
        .readTimeout(request.timeouts.firstByteMs, TimeUnit.MILLISECONDS)
        .build()

    private fun translate(request: HttpRequest): Request {
        val headers = Headers.Builder()
        request.headers.forEach { headers.addUnsafeNonAscii(it.name, it.value) }
        if (headers["User-Agent"] == null) headers.add("User-Agent", USER_AGENT)
        // A body without a type: the request's own Content-Type stands among its header fields.
        val body = request.body.takeUnless { it.isEmpty() && request.method !in NEEDS_BODY }?.toRequestBody()
        return Request.Builder().url(request.url).headers(headers.build()).method(request.method, body).build()
    }

    private inner class Receiver(private val id: Long, private val betweenBytesMs: Long, private val answer: Transport.Answer) : Callback {
        private var headSeen = false

        override fun onFailure(call: Call, e: IOException) = fail(e)

        override fun onResponse(call: Call, response: Response) {
            try {
                response.use { pump(it) }
            } catch (e: IOException) {
                return fail(e)
            }
            if (calls.remove(id) != null) answer.end()
        }

        private fun pump(response: Response) {
            headSeen = true
            answer.head(response.code, response.headers.map { (name, value) -> HttpHeader(name, value) })
            val source = (response.body ?: return).source()
            source.timeout().timeout(betweenBytesMs, TimeUnit.MILLISECONDS)
            val piece = ByteArray(PIECE_BYTES)
            while (true) {
                val read = source.read(piece)
                if (read < 0) return
                if (!calls.containsKey(id)) throw IOException("given up")
                answer.body(piece.copyOf(read))
            }
        }

        private fun fail(error: IOException) {
            // Not there any more: given up, and nobody wants to know.
            if (calls.remove(id) != null) answer.failure(Failures.of(error, headSeen))
        }
    }

    private companion object {
        const val PIECE_BYTES = 64 * 1024
        const val IDLE_CONNECTIONS = 2
        const val IDLE_SECONDS = 10L
        const val WRITE_SECONDS = 30L
        const val USER_AGENT = "Muster Android"
        val NEEDS_BODY = setOf("POST", "REPORT")
    }
}
