package dev.muster.sdk

import dev.muster.ffi.HttpFailure
import java.io.EOFException
import java.io.IOException
import java.io.InterruptedIOException
import java.net.ConnectException
import java.net.NoRouteToHostException
import java.net.ProtocolException
import java.net.SocketException
import java.net.UnknownHostException
import java.net.UnknownServiceException
import javax.net.ssl.SSLException

/** What an error of the network means to the agent. */
internal object Failures {
    fun of(error: IOException, headSeen: Boolean): HttpFailure = when (error) {
        is UnknownHostException, is NoRouteToHostException -> HttpFailure.NAME_NOT_FOUND
        // A phone without a network has no route to an address that it still remembers.
        is ConnectException -> if (unreachable(error)) HttpFailure.NAME_NOT_FOUND else HttpFailure.REFUSED
        // SocketTimeoutException is one, too.
        is InterruptedIOException -> HttpFailure.TIMED_OUT
        // A connection that breaks while TLS is spoken is no matter of trust.
        is SSLException -> if (headSeen) HttpFailure.CUT else HttpFailure.TLS
        // What the platform says of http where its configuration wants https.
        is UnknownServiceException -> HttpFailure.INSECURE
        is ProtocolException, is EOFException, is SocketException -> HttpFailure.CUT
        else -> other(error, headSeen)
    }

    private fun other(error: IOException, headSeen: Boolean) = when {
        error.message == PROXY_LOGIN -> HttpFailure.PROXY_LOGIN
        headSeen || error.message.orEmpty().startsWith(UNEXPECTED_END) || error.cause is EOFException -> HttpFailure.CUT
        else -> HttpFailure.OTHER
    }

    private fun unreachable(error: ConnectException) =
        generateSequence<Throwable>(error) { it.cause }.any { UNREACHABLE in it.message.orEmpty() }

    // OkHttp has no classes of their own for these.
    private const val PROXY_LOGIN = "Failed to authenticate with proxy"
    private const val UNEXPECTED_END = "unexpected end of stream"
    private const val UNREACHABLE = "unreachable"
}
