package dev.muster.sdk

import android.security.KeyStoreException
import android.security.keystore.KeyPermanentlyInvalidatedException
import android.security.keystore.KeyProperties
import android.security.keystore.UserNotAuthenticatedException
import dev.muster.ffi.KeyAccess
import dev.muster.ffi.KeyAlias
import dev.muster.ffi.KeyPurpose
import dev.muster.ffi.SignatureForm
import dev.muster.ffi.VaultAnswer
import dev.muster.ffi.VaultFailure
import dev.muster.ffi.VaultOp
import dev.muster.ffi.VaultOutcome
import org.junit.After
import org.junit.Assert.assertArrayEquals
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Before
import org.junit.Test
import org.junit.runner.RunWith
import java.security.InvalidKeyException
import java.security.NoSuchAlgorithmException
import java.security.ProviderException
import java.security.Security
import java.security.Signature
import java.security.UnrecoverableKeyException
import javax.crypto.AEADBadTagException

/** What the vault asks of the key store, and what it makes of its answers. The key store is a stand-in. */
@RunWith(PhoneRunner::class)
class KeystoreVaultTest {
    private var unlocked = true
    private val vault = KeystoreVault { unlocked }

    @Before
    fun install() {
        FakeKeystore.reset()
        Security.removeProvider("AndroidKeyStore")
        Security.addProvider(FakeKeystore())
    }

    @After
    fun remove() = Security.removeProvider("AndroidKeyStore")

    private fun alias(purpose: KeyPurpose) = KeyAlias("muster.default.${purpose.name.lowercase()}.1", "default", purpose, 1)

    private fun wrapped(answer: VaultOutcome) = ((answer as VaultOutcome.Answer).answer as VaultAnswer.Wrapped).wrapped

    private fun failure(op: VaultOp) = (vault.run(op) as VaultOutcome.Failure).failure

    @Test
    fun aDataKeyIsWrappedAndUnwrapped() {
        val alias = alias(KeyPurpose.SERVICE)
        FakeKeystore.keys[alias.name] = javax.crypto.KeyGenerator.getInstance("AES").apply { init(256) }.generateKey()
        val key = ByteArray(32) { it.toByte() }
        val first = wrapped(vault.run(VaultOp.Wrap(alias, key.copyOf())))
        val second = wrapped(vault.run(VaultOp.Wrap(alias, key.copyOf())))
        assertFalse("a nonce is used once", first.contentEquals(second))
        val answer = (vault.run(VaultOp.Unwrap(alias, first)) as VaultOutcome.Answer).answer as VaultAnswer.Unwrapped
        assertArrayEquals(key, answer.plaintext)

        first[first.size - 1] = (first.last() + 1).toByte()
        assertEquals(VaultFailure.LOST, failure(VaultOp.Unwrap(alias, first)))
        assertEquals(VaultFailure.LOST, failure(VaultOp.Unwrap(alias, ByteArray(0))))
    }

    @Test
    fun theDataKeyIsOverwrittenAfterUse() {
        val alias = alias(KeyPurpose.SERVICE)
        FakeKeystore.keys[alias.name] = javax.crypto.KeyGenerator.getInstance("AES").apply { init(256) }.generateKey()
        val key = ByteArray(32) { 1 }
        vault.run(VaultOp.Wrap(alias, key))
        assertArrayEquals(ByteArray(32), key)
    }

    @Test
    fun keysAreMadeAsTheyShall() {
        val wrapping = alias(KeyPurpose.CONTACTS)
        vault.run(VaultOp.Create(wrapping, KeyAccess.AFTER_FIRST_UNLOCK, null))
        val aes = FakeKeystore.specs.getValue(wrapping.name)
        assertEquals(256, aes.keySize)
        assertEquals(KeyProperties.PURPOSE_ENCRYPT or KeyProperties.PURPOSE_DECRYPT, aes.purposes)
        assertEquals(listOf(KeyProperties.BLOCK_MODE_GCM), aes.blockModes.toList())
        assertFalse("used on a locked phone", aes.isUserAuthenticationRequired || aes.isUnlockedDeviceRequired)

        val signing = alias(KeyPurpose.DEVICE)
        vault.run(VaultOp.Create(signing, KeyAccess.AFTER_FIRST_UNLOCK, byteArrayOf(1, 2)))
        val ec = FakeKeystore.specs.getValue(signing.name)
        assertEquals(KeyProperties.PURPOSE_SIGN, ec.purposes)
        assertEquals(listOf(KeyProperties.DIGEST_SHA256), ec.digests.toList())
        assertArrayEquals(byteArrayOf(1, 2), ec.attestationChallenge)
        assertFalse("slow", ec.isStrongBoxBacked)
    }

    @Test
    fun signaturesAreDerAndThePointIsWhole() {
        val alias = alias(KeyPurpose.DEVICE)
        vault.run(VaultOp.Create(alias, KeyAccess.AFTER_FIRST_UNLOCK, null))
        val message = "event".toByteArray()
        val answer = (vault.run(VaultOp.Sign(alias, message)) as VaultOutcome.Answer).answer as VaultAnswer.Signature
        assertEquals(SignatureForm.DER, answer.form)
        val verified = Signature.getInstance("SHA256withECDSA").run {
            initVerify(FakeKeystore.pairs.getValue(alias.name).public)
            update(message)
            verify(answer.bytes)
        }
        assertTrue(verified)
        val point = ((vault.run(VaultOp.PublicKey(alias)) as VaultOutcome.Answer).answer as VaultAnswer.PublicKey).point
        assertEquals(65, point.size)
        assertEquals(4, point[0].toInt())
    }

    @Test
    fun aMissingKeyIsLostButNotBeforeTheFirstUnlock() {
        val op = VaultOp.Sign(alias(KeyPurpose.DEVICE), ByteArray(1))
        assertEquals(VaultFailure.LOST, failure(op))
        unlocked = false
        assertEquals(VaultFailure.LOCKED, failure(op))
    }

    @Test
    fun destroyingWhatIsNotThereWorks() {
        val answer = vault.run(VaultOp.Destroy(alias(KeyPurpose.CONTACTS))) as VaultOutcome.Answer
        assertEquals(VaultAnswer.Destroyed, answer.answer)
    }

    @Test
    fun errorsHaveMeanings() {
        val meanings = listOf(
            KeyPermanentlyInvalidatedException() to VaultFailure.LOST,
            UserNotAuthenticatedException() to VaultFailure.LOCKED,
            InvalidKeyException("wrapped", UserNotAuthenticatedException()) to VaultFailure.LOCKED,
            AEADBadTagException() to VaultFailure.LOST,
            NoSuchAlgorithmException() to VaultFailure.UNSUPPORTED,
            // The key store's own trouble is no lost key, or it would cost the person everything.
            ProviderException("binder died") to VaultFailure.BUSY,
            UnrecoverableKeyException("system error") to VaultFailure.BUSY,
            IllegalStateException() to VaultFailure.BUSY,
            SecurityException() to VaultFailure.DENIED,
            // Key stores of some phones throw these.
            NullPointerException() to VaultFailure.BUSY,
            IllegalArgumentException("key", UserNotAuthenticatedException()) to VaultFailure.LOCKED,
        )
        for ((error, meaning) in meanings) {
            FakeKeystore.failure = error
            assertEquals("$error", meaning, failure(VaultOp.Sign(alias(KeyPurpose.DEVICE), ByteArray(1))))
        }
    }

    @Test
    fun codesOfAndroid13HaveMeanings() {
        val meanings = mapOf(
            KeyStoreException.ERROR_KEY_DOES_NOT_EXIST to VaultFailure.LOST,
            KeyStoreException.ERROR_KEY_CORRUPTED to VaultFailure.LOST,
            KeyStoreException.ERROR_PERMISSION_DENIED to VaultFailure.DENIED,
            KeyStoreException.ERROR_UNIMPLEMENTED to VaultFailure.UNSUPPORTED,
        )
        for ((code, meaning) in meanings) {
            assertEquals("$code", meaning, KeystoreFailures.of(ProviderException(keyStoreException(code))))
        }
    }

    /** The code of an error is looked up by the key store's internal one; here it is set. */
    private fun keyStoreException(code: Int): KeyStoreException {
        val error = KeyStoreException::class.java.getConstructor(Int::class.java, String::class.java).newInstance(code, "test")
        for (internal in -100..100) {
            val candidate = KeyStoreException::class.java.getConstructor(Int::class.java, String::class.java).newInstance(internal, "test")
            if (candidate.numericErrorCode == code && !candidate.isTransientFailure &&
                !candidate.requiresUserAuthentication()
            ) {
                return candidate
            }
        }
        return error
    }
}
