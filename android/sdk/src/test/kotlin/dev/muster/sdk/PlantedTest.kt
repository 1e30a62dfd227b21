package dev.muster.sdk

import org.junit.Assert.assertNotEquals
import org.junit.Test

/** Fails if it is told to, so that `cargo xtask test --self-test` can see failures being noticed. */
class PlantedTest {
    @Test
    fun noticesAPlantedFailure() = assertNotEquals("kotlin", System.getenv("MUSTER_BREAK"))
}
