package dev.muster.sdk

import dev.muster.ffi.KeyPurpose
import dev.muster.ffi.KeySecurity
import dev.muster.ffi.SignatureForm
import dev.muster.ffi.VaultAnswer
import dev.muster.ffi.VaultFailure
import dev.muster.ffi.VaultOp
import dev.muster.ffi.VaultOutcome
import java.math.BigInteger
import java.security.KeyPair
import java.security.KeyPairGenerator
import java.security.Signature
import java.security.interfaces.ECPublicKey
import java.security.spec.ECGenParameterSpec
import java.util.concurrent.ConcurrentHashMap
import javax.crypto.Cipher
import javax.crypto.KeyGenerator
import javax.crypto.SecretKey
import javax.crypto.spec.GCMParameterSpec

/** Keys in memory, for tests. They outlive an agent, as a phone's keys do, and can be made to fail. */
class SoftwareVault : KeyVault {
    /** What every operation answers with, if anything. */
    @Volatile
    var failure: VaultFailure? = null

    /** What every operation throws, if anything: key stores of some phones do. */
    @Volatile
    var throws: RuntimeException? = null

    private val secrets = ConcurrentHashMap<String, SecretKey>()
    private val pairs = ConcurrentHashMap<String, KeyPair>()

    /** How many operations were asked for. */
    @Volatile
    var asked = 0
        private set

    /** All keys of this kind are gone, as after a failed update of the phone. */
    fun lose(purpose: KeyPurpose) {
        val marker = ".${purpose.name.lowercase()}."
        secrets.keys.removeIf { marker in it }
        pairs.keys.removeIf { marker in it }
    }

    override fun run(op: VaultOp): VaultOutcome {
        asked++
        throws?.let { throw it }
        return failure?.let(::failed) ?: answer(op)?.let(::worked) ?: failed(VaultFailure.LOST)
    }

    private fun answer(op: VaultOp): VaultAnswer? = when (op) {
        is VaultOp.Create -> {
            if (op.alias.purpose == KeyPurpose.DEVICE) pairs[op.alias.name] = pair() else secrets[op.alias.name] = secret()
            VaultAnswer.Created(KeySecurity.SOFTWARE, emptyList())
        }
        is VaultOp.PublicKey -> pairs[op.alias.name]?.let { VaultAnswer.PublicKey(point(it.public as ECPublicKey)) }
        is VaultOp.Sign -> pairs[op.alias.name]?.let { VaultAnswer.Signature(SignatureForm.DER, sign(it, op.message)) }
        is VaultOp.Wrap -> secrets[op.alias.name]?.let { VaultAnswer.Wrapped(wrap(it, op.plaintext)) }
        is VaultOp.Unwrap -> secrets[op.alias.name]?.let { VaultAnswer.Unwrapped(unwrap(it, op.wrapped)) }
        is VaultOp.Destroy -> {
            secrets.remove(op.alias.name)
            pairs.remove(op.alias.name)
            VaultAnswer.Destroyed
        }
    }

    private fun secret() = KeyGenerator.getInstance("AES").apply { init(256) }.generateKey()

    private fun pair() = KeyPairGenerator.getInstance("EC").apply { initialize(ECGenParameterSpec("secp256r1")) }.generateKeyPair()

    private fun point(key: ECPublicKey) = byteArrayOf(4) + fixed(key.w.affineX) + fixed(key.w.affineY)

    private fun fixed(number: BigInteger): ByteArray {
        val bytes = number.toByteArray().takeLast(32)
        return ByteArray(32 - bytes.size) + bytes
    }

    private fun sign(pair: KeyPair, message: ByteArray) = Signature.getInstance("SHA256withECDSA").run {
        initSign(pair.private)
        update(message)
        sign()
    }

    private fun wrap(key: SecretKey, plaintext: ByteArray): ByteArray {
        val cipher = Cipher.getInstance("AES/GCM/NoPadding").apply { init(Cipher.ENCRYPT_MODE, key) }
        return cipher.iv + cipher.doFinal(plaintext)
    }

    private fun unwrap(key: SecretKey, wrapped: ByteArray): ByteArray {
        val cipher = Cipher.getInstance("AES/GCM/NoPadding")
        cipher.init(Cipher.DECRYPT_MODE, key, GCMParameterSpec(128, wrapped, 0, 12))
        return cipher.doFinal(wrapped, 12, wrapped.size - 12)
    }
}
