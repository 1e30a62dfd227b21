package dev.muster.sdk

import android.annotation.TargetApi
import android.os.Build
import android.security.KeyStoreException
import android.security.keystore.KeyPermanentlyInvalidatedException
import android.security.keystore.UserNotAuthenticatedException
import dev.muster.ffi.VaultFailure
import java.security.NoSuchAlgorithmException
import java.security.NoSuchProviderException
import javax.crypto.AEADBadTagException
import javax.crypto.NoSuchPaddingException

/**
 * What an error of the key store means to the agent.
 *
 * `Lost` makes the agent start afresh, so it is said only where the key store is sure. Whatever is
 * unclear is `Busy`, and tried again.
 */
internal object KeystoreFailures {
    fun of(error: Throwable): VaultFailure {
        // The telling one is often the cause of a cause.
        val causes = generateSequence(error) { it.cause }.take(CAUSES)
        return causes.firstNotNullOfOrNull(::telling) ?: VaultFailure.BUSY
    }

    private fun telling(error: Throwable): VaultFailure? = when (error) {
        is KeyPermanentlyInvalidatedException -> VaultFailure.LOST
        // Not what this key has wrapped: another one of that name.
        is AEADBadTagException -> VaultFailure.LOST
        is UserNotAuthenticatedException -> VaultFailure.LOCKED
        is NoSuchAlgorithmException, is NoSuchProviderException, is NoSuchPaddingException -> unsupported(error)
        is SecurityException -> VaultFailure.DENIED
        else -> if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.TIRAMISU) coded(error) else null
    }

    // Key stores wrap their errors in these, too.
    private fun unsupported(error: Throwable) = if (error.cause == null) VaultFailure.UNSUPPORTED else null

    @TargetApi(Build.VERSION_CODES.TIRAMISU)
    private fun coded(error: Throwable): VaultFailure? {
        if (error !is KeyStoreException) return null
        return when {
            error.requiresUserAuthentication() -> VaultFailure.LOCKED
            error.isTransientFailure -> VaultFailure.BUSY
            else -> when (error.numericErrorCode) {
                KeyStoreException.ERROR_KEY_DOES_NOT_EXIST, KeyStoreException.ERROR_KEY_CORRUPTED -> VaultFailure.LOST
                KeyStoreException.ERROR_PERMISSION_DENIED -> VaultFailure.DENIED
                KeyStoreException.ERROR_UNIMPLEMENTED -> VaultFailure.UNSUPPORTED
                else -> null
            }
        }
    }

    private const val CAUSES = 8
}
