package dev.muster.sdk

import dev.muster.ffi.MusterAgentInterface

/** For tests in other packages. */
fun Muster.withAgentForTest(work: (MusterAgentInterface) -> Unit) = withAgent(work)

/** The class whose native methods are found by its name. */
val NativeBundlesName: String = NativeBundles::class.java.name
