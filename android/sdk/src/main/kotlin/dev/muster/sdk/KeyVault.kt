package dev.muster.sdk

import dev.muster.ffi.VaultAnswer
import dev.muster.ffi.VaultFailure
import dev.muster.ffi.VaultOp
import dev.muster.ffi.VaultOutcome

/**
 * Does the agent's key operations. [KeystoreVault] is the one for phones; tests have another,
 * because the JVM has no Android Keystore.
 */
public fun interface KeyVault {
    /** Does one operation, on the agent's thread. It may take as long as the hardware needs. */
    public fun run(op: VaultOp): VaultOutcome
}

internal fun worked(answer: VaultAnswer): VaultOutcome = VaultOutcome.Answer(answer)

internal fun failed(failure: VaultFailure): VaultOutcome = VaultOutcome.Failure(failure)
