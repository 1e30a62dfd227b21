package dev.muster.sdk

import dev.muster.ffi.HttpFailure
import dev.muster.ffi.HttpHeader
import dev.muster.ffi.HttpRequest

/** Runs HTTP requests exactly as they stand. All calls come from the agent's thread. */
interface Transport {
    /** Starts a request; its answer goes to `answer`, from any thread. */
    fun start(id: Long, request: HttpRequest, answer: Answer)

    /** Gives a request up. Nothing more of it is wanted. */
    fun cancel(id: Long)

    /** Gives everything up. */
    fun close()

    /** Takes an answer: one head, pieces of the body, then its end, or a failure at any point. */
    interface Answer {
        /** Status and header fields. */
        fun head(status: Int, headers: List<HttpHeader>)

        /** At most 64 KB of the body. Waits while many pieces are still to be read. */
        fun body(chunk: ByteArray)

        /** The body is complete. */
        fun end()

        /** There is no answer, or only a part of one. */
        fun failure(failure: HttpFailure)
    }
}
