package dev.muster.sdk

import dev.muster.ffi.HttpFailure
import dev.muster.ffi.HttpHeader
import dev.muster.ffi.HttpRequest

/** Runs HTTP requests exactly as they stand. All calls come from the agent's thread. */
public interface Transport {
    /** Starts a request; its answer goes to `answer`, from any thread. */
    public fun start(id: Long, request: HttpRequest, answer: Answer)

    /** Gives a request up. Nothing more of it is wanted. */
    public fun cancel(id: Long)

    /** Gives everything up. */
    public fun close()

    /** Takes an answer: one head, pieces of the body, then its end, or a failure at any point. */
    public interface Answer {
        /** Status and header fields. */
        public fun head(status: Int, headers: List<HttpHeader>)

        /** At most 64 KB of the body. Waits while many pieces are still to be read. */
        public fun body(chunk: ByteArray)

        /** The body is complete. */
        public fun end()

        /** There is no answer, or only a part of one. */
        public fun failure(failure: HttpFailure)
    }
}
