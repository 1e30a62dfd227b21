package dev.muster.sdk

import android.security.keystore.KeyGenParameterSpec
import java.io.InputStream
import java.io.OutputStream
import java.security.Key
import java.security.KeyPair
import java.security.KeyPairGenerator
import java.security.KeyPairGeneratorSpi
import java.security.KeyStoreSpi
import java.security.Provider
import java.security.SecureRandom
import java.security.cert.Certificate
import java.security.spec.AlgorithmParameterSpec
import java.security.spec.ECGenParameterSpec
import java.util.Collections
import java.util.Date
import java.util.Enumeration
import javax.crypto.KeyGenerator
import javax.crypto.KeyGeneratorSpi
import javax.crypto.SecretKey

/**
 * A provider with the name of Android's key store, which the JVM lacks: it makes the same keys in
 * software, and fails as it is told. It shows what [KeystoreVault] asks for and what it makes of
 * answers; it does not show that a phone answers so.
 */
class FakeKeystore : Provider("AndroidKeyStore", "1", "Android's key store in memory") {
    init {
        put("KeyStore.AndroidKeyStore", Store::class.java.name)
        put("KeyGenerator.AES", Aes::class.java.name)
        put("KeyPairGenerator.EC", Ec::class.java.name)
    }

    companion object {
        /** Thrown by whatever is asked next. */
        var failure: Exception? = null
        val keys = HashMap<String, Key>()
        val pairs = HashMap<String, KeyPair>()
        val specs = HashMap<String, KeyGenParameterSpec>()

        fun reset() {
            failure = null
            keys.clear()
            pairs.clear()
            specs.clear()
        }

        private fun mayFail() {
            failure?.let { throw it }
        }
    }

    class Store : KeyStoreSpi() {
        override fun engineGetKey(alias: String, password: CharArray?): Key? {
            mayFail()
            return keys[alias] ?: pairs[alias]?.private
        }

        override fun engineGetCertificate(alias: String): Certificate? = pairs[alias]?.let { OnlyAKey(it) }

        override fun engineDeleteEntry(alias: String) {
            mayFail()
            keys -= alias
            pairs -= alias
        }

        override fun engineContainsAlias(alias: String) = alias in keys || alias in pairs

        override fun engineAliases(): Enumeration<String> = Collections.enumeration(keys.keys + pairs.keys)

        override fun engineGetCertificateChain(alias: String): Array<Certificate>? = null

        override fun engineGetCreationDate(alias: String): Date? = null

        override fun engineSetKeyEntry(alias: String, key: Key, password: CharArray?, chain: Array<out Certificate>?) = error("not ours")

        override fun engineSetKeyEntry(alias: String, key: ByteArray, chain: Array<out Certificate>?) = error("not ours")

        override fun engineSetCertificateEntry(alias: String, cert: Certificate) = error("not ours")

        override fun engineSize() = keys.size + pairs.size

        override fun engineIsKeyEntry(alias: String) = true

        override fun engineIsCertificateEntry(alias: String) = false

        override fun engineGetCertificateAlias(cert: Certificate): String? = null

        override fun engineStore(stream: OutputStream, password: CharArray) = Unit

        override fun engineLoad(stream: InputStream?, password: CharArray?) = Unit
    }

    class Aes : KeyGeneratorSpi() {
        private lateinit var spec: KeyGenParameterSpec

        override fun engineInit(params: AlgorithmParameterSpec, random: SecureRandom?) {
            spec = params as KeyGenParameterSpec
        }

        override fun engineInit(random: SecureRandom?) = error("a key needs a name")

        override fun engineInit(keysize: Int, random: SecureRandom?) = error("a key needs a name")

        override fun engineGenerateKey(): SecretKey {
            mayFail()
            val key = KeyGenerator.getInstance("AES").apply { init(spec.keySize) }.generateKey()
            keys[spec.keystoreAlias] = key
            specs[spec.keystoreAlias] = spec
            return key
        }
    }

    class Ec : KeyPairGeneratorSpi() {
        private lateinit var spec: KeyGenParameterSpec

        override fun initialize(params: AlgorithmParameterSpec, random: SecureRandom?) {
            spec = params as KeyGenParameterSpec
        }

        override fun initialize(keysize: Int, random: SecureRandom?) = error("a key needs a name")

        override fun generateKeyPair(): KeyPair {
            mayFail()
            val curve = (spec.algorithmParameterSpec as ECGenParameterSpec)
            val pair = KeyPairGenerator.getInstance("EC").apply { initialize(curve) }.generateKeyPair()
            pairs[spec.keystoreAlias] = pair
            specs[spec.keystoreAlias] = spec
            return pair
        }
    }

    /** A certificate of which only the key counts. */
    private class OnlyAKey(private val pair: KeyPair) : Certificate("X.509") {
        override fun getPublicKey() = pair.public

        override fun getEncoded() = pair.public.encoded

        override fun verify(key: java.security.PublicKey) = Unit

        override fun verify(key: java.security.PublicKey, sigProvider: String) = Unit

        override fun toString() = "a key"
    }
}
