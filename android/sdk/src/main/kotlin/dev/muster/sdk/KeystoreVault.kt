package dev.muster.sdk

import android.annotation.TargetApi
import android.os.Build
import android.security.keystore.KeyGenParameterSpec
import android.security.keystore.KeyInfo
import android.security.keystore.KeyProperties
import dev.muster.ffi.KeyAlias
import dev.muster.ffi.KeyPurpose
import dev.muster.ffi.KeySecurity
import dev.muster.ffi.SignatureForm
import dev.muster.ffi.VaultAnswer
import dev.muster.ffi.VaultFailure
import dev.muster.ffi.VaultOp
import dev.muster.ffi.VaultOutcome
import java.io.IOException
import java.math.BigInteger
import java.security.GeneralSecurityException
import java.security.Key
import java.security.KeyFactory
import java.security.KeyPairGenerator
import java.security.KeyStore
import java.security.PrivateKey
import java.security.ProviderException
import java.security.Signature
import java.security.interfaces.ECPublicKey
import java.security.spec.ECGenParameterSpec
import javax.crypto.Cipher
import javax.crypto.KeyGenerator
import javax.crypto.SecretKey
import javax.crypto.SecretKeyFactory
import javax.crypto.spec.GCMParameterSpec

/**
 * Keys in Android Keystore: AES-256-GCM to wrap data keys, P-256 to sign. They can't be exported,
 * and can be used from the first unlock after a boot on. Not in StrongBox, which is slow.
 *
 * `isUnlocked` says whether the person has unlocked the phone since it started; before that, a key
 * that can't be found is no lost key.
 */
public class KeystoreVault(private val isUnlocked: () -> Boolean) : KeyVault {
    override fun run(op: VaultOp): VaultOutcome = try {
        if (isUnlocked()) worked(answer(op)) else failed(VaultFailure.LOCKED)
    } catch (e: KeyIsLost) {
        failed(VaultFailure.LOST)
    } catch (e: GeneralSecurityException) {
        failed(KeystoreFailures.of(e))
    } catch (e: IOException) {
        failed(VaultFailure.BUSY)
    } catch (e: RuntimeException) {
        // ProviderException, and what key stores of some phones throw beside it.
        failed(KeystoreFailures.of(e))
    }

    private fun answer(op: VaultOp): VaultAnswer = when (op) {
        is VaultOp.Create -> create(op)
        is VaultOp.PublicKey -> VaultAnswer.PublicKey(point(op.alias))
        is VaultOp.Sign -> sign(op.alias, op.message)
        is VaultOp.Wrap -> op.plaintext.use { wrap(op.alias, it) }
        is VaultOp.Unwrap -> unwrap(op.alias, op.wrapped)
        is VaultOp.Destroy -> {
            store().deleteEntry(op.alias.name)
            VaultAnswer.Destroyed
        }
    }

    private fun create(op: VaultOp.Create): VaultAnswer {
        val name = op.alias.name
        if (op.alias.purpose != KeyPurpose.DEVICE) {
            val key = KeyGenerator.getInstance(KeyProperties.KEY_ALGORITHM_AES, PROVIDER).apply { init(wrappingKey(name)) }.generateKey()
            return VaultAnswer.Created(security(key), emptyList())
        }
        val challenge = op.attestationChallenge
        try {
            generatePair(name, challenge)
        } catch (e: ProviderException) {
            // Some phones can't attest; the server decides what it makes of a key without it.
            if (challenge == null) throw e
            generatePair(name, null)
            return VaultAnswer.Created(security(key(op.alias)), emptyList())
        }
        val chain = if (challenge == null) null else store().getCertificateChain(name)
        return VaultAnswer.Created(security(key(op.alias)), chain.orEmpty().map { it.encoded })
    }

    private fun generatePair(name: String, challenge: ByteArray?) {
        val generator = KeyPairGenerator.getInstance(KeyProperties.KEY_ALGORITHM_EC, PROVIDER)
        generator.initialize(signingKey(name, challenge))
        generator.generateKeyPair()
    }

    private fun wrappingKey(name: String) =
        KeyGenParameterSpec.Builder(name, KeyProperties.PURPOSE_ENCRYPT or KeyProperties.PURPOSE_DECRYPT)
            .setKeySize(AES_BITS)
            .setBlockModes(KeyProperties.BLOCK_MODE_GCM)
            .setEncryptionPaddings(KeyProperties.ENCRYPTION_PADDING_NONE)
            .build()

    private fun signingKey(name: String, challenge: ByteArray?) =
        KeyGenParameterSpec.Builder(name, KeyProperties.PURPOSE_SIGN)
            .setAlgorithmParameterSpec(ECGenParameterSpec("secp256r1"))
            .setDigests(KeyProperties.DIGEST_SHA256)
            .setAttestationChallenge(challenge)
            .build()

    private fun sign(alias: KeyAlias, message: ByteArray): VaultAnswer {
        val signature = Signature.getInstance("SHA256withECDSA")
        signature.initSign(key(alias) as? PrivateKey ?: throw KeyIsLost())
        signature.update(message)
        return VaultAnswer.Signature(SignatureForm.DER, signature.sign())
    }

    private fun point(alias: KeyAlias): ByteArray {
        val public = store().getCertificate(alias.name)?.publicKey as? ECPublicKey ?: throw KeyIsLost()
        return byteArrayOf(UNCOMPRESSED) + coordinate(public.w.affineX) + coordinate(public.w.affineY)
    }

    private fun wrap(alias: KeyAlias, plaintext: ByteArray): VaultAnswer {
        val cipher = Cipher.getInstance(CIPHER)
        // The key store draws the nonce: it refuses one from here.
        cipher.init(Cipher.ENCRYPT_MODE, key(alias))
        val sealed = cipher.doFinal(plaintext)
        return VaultAnswer.Wrapped(byteArrayOf(cipher.iv.size.toByte()) + cipher.iv + sealed)
    }

    private fun unwrap(alias: KeyAlias, wrapped: ByteArray): VaultAnswer {
        val length = wrapped.firstOrNull()?.toInt() ?: throw KeyIsLost()
        if (length !in NONCE_BYTES || wrapped.size < 1 + length) throw KeyIsLost()
        val cipher = Cipher.getInstance(CIPHER)
        cipher.init(Cipher.DECRYPT_MODE, key(alias), GCMParameterSpec(TAG_BITS, wrapped, 1, length))
        return VaultAnswer.Unwrapped(cipher.doFinal(wrapped, 1 + length, wrapped.size - 1 - length))
    }

    private fun store() = KeyStore.getInstance(PROVIDER).apply { load(null) }

    private fun key(alias: KeyAlias): Key = store().getKey(alias.name, null) ?: throw KeyIsLost()

    /** Where the key lives. A phone that can't tell has made the key all the same, so claim the least. */
    private fun security(key: Key): KeySecurity = try {
        val info = info(key)
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.S) level(info) else inHardware(info)
    } catch (e: GeneralSecurityException) {
        KeySecurity.SOFTWARE
    }

    private fun info(key: Key): KeyInfo = when (key) {
        is SecretKey -> SecretKeyFactory.getInstance(key.algorithm, PROVIDER).getKeySpec(key, KeyInfo::class.java) as KeyInfo
        else -> KeyFactory.getInstance(key.algorithm, PROVIDER).getKeySpec(key, KeyInfo::class.java)
    }

    @TargetApi(Build.VERSION_CODES.S)
    private fun level(info: KeyInfo) = when (info.securityLevel) {
        KeyProperties.SECURITY_LEVEL_STRONGBOX -> KeySecurity.SECURE_ELEMENT
        KeyProperties.SECURITY_LEVEL_TRUSTED_ENVIRONMENT, KeyProperties.SECURITY_LEVEL_UNKNOWN_SECURE -> KeySecurity.TRUSTED_ENVIRONMENT
        else -> KeySecurity.SOFTWARE
    }

    // Before Android 12 it is not told apart what kind of hardware it is.
    @Suppress("DEPRECATION")
    private fun inHardware(info: KeyInfo) =
        if (info.isInsideSecureHardware) KeySecurity.TRUSTED_ENVIRONMENT else KeySecurity.SOFTWARE

    private class KeyIsLost : GeneralSecurityException()

    private companion object {
        const val PROVIDER = "AndroidKeyStore"
        const val CIPHER = "AES/GCM/NoPadding"
        const val AES_BITS = 256
        const val TAG_BITS = 128
        val NONCE_BYTES = 12..16
        const val UNCOMPRESSED: Byte = 4
        const val COORDINATE_BYTES = 32

        /** Big-endian and of fixed length (SEC 1 §2.3.5), where BigInteger gives any length and a sign. */
        fun coordinate(number: BigInteger): ByteArray {
            val bytes = number.toByteArray().takeLast(COORDINATE_BYTES).toByteArray()
            return ByteArray(COORDINATE_BYTES - bytes.size) + bytes
        }

        /** Overwrites a data key after use. */
        inline fun <T> ByteArray.use(work: (ByteArray) -> T): T = try {
            work(this)
        } finally {
            fill(0)
        }
    }
}
