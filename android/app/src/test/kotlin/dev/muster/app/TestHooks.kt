package dev.muster.app

import dev.muster.sdk.Muster
import dev.muster.sdk.withAgentForTest

/** Makes the agent panic, as a mistake of ours would. */
internal fun Muster.breakForTest() = withAgentForTest { agent -> agent.testPanic("planned") }
