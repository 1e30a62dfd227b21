package dev.muster.sdk

import dev.muster.ffi.MusterAgent

/** For tests in other packages. */
fun Muster.withAgentForTest(work: (MusterAgent) -> Unit) = withAgent(work)
