import Foundation
import MusterKit

#if canImport(CryptoKit) && canImport(Security)
    typealias SoftwareCrypto = EnclaveCrypto
#else
    import COpenSSL

    /// What CryptoKit and the Secure Enclave do on a phone, by OpenSSL.
    struct SoftwareCrypto: KeyCrypto {
        func newWrappingKey() throws(VaultFailure) -> Data { try Self.random(32) }

        func newSigningKey() throws(VaultFailure) -> (key: Data, security: KeySecurity) {
            guard let key = muster_new_p256() else { throw .unsupported }
            defer { EVP_PKEY_free(key) }
            var der: UnsafeMutablePointer<UInt8>?
            let length = i2d_PrivateKey(key, &der)
            guard let der, length > 0 else { throw .unsupported }
            defer { CRYPTO_free(der, #file, 0) }
            return (Data(bytes: der, count: Int(length)), .software)
        }

        func publicPoint(of key: Data) throws(VaultFailure) -> Data {
            let key = try Self.signingKey(key)
            defer { EVP_PKEY_free(key) }
            var point: UnsafeMutablePointer<UInt8>?
            let length = EVP_PKEY_get1_encoded_public_key(key, &point)
            guard let point, length > 0 else { throw .lost }
            defer { CRYPTO_free(point, #file, 0) }
            return Data(bytes: point, count: length)
        }

        func sign(_ message: Data, with key: Data) throws(VaultFailure) -> Data {
            let key = try Self.signingKey(key)
            defer { EVP_PKEY_free(key) }
            guard let context = EVP_MD_CTX_new() else { throw .busy }
            defer { EVP_MD_CTX_free(context) }
            let bytes = [UInt8](message)
            var length = 0
            guard EVP_DigestSignInit(context, nil, EVP_sha256(), nil, key) == 1,
                EVP_DigestSign(context, nil, &length, bytes, bytes.count) == 1
            else { throw .denied }
            var signature = [UInt8](repeating: 0, count: length)
            guard EVP_DigestSign(context, &signature, &length, bytes, bytes.count) == 1 else {
                throw .denied
            }
            return Data(signature.prefix(length))
        }

        func seal(
            _ plaintext: Data, with key: Data, for name: Data
        ) throws(VaultFailure) -> Data {
            let nonce = [UInt8](try Self.random(12))
            guard let context = EVP_CIPHER_CTX_new() else { throw .busy }
            defer { EVP_CIPHER_CTX_free(context) }
            var out = [UInt8](repeating: 0, count: plaintext.count)
            var tag = [UInt8](repeating: 0, count: 16)
            var length: Int32 = 0
            let (text, aad) = ([UInt8](plaintext), [UInt8](name))
            guard
                EVP_EncryptInit_ex(context, EVP_aes_256_gcm(), nil, [UInt8](key), nonce) == 1,
                EVP_EncryptUpdate(context, nil, &length, aad, Int32(aad.count)) == 1,
                EVP_EncryptUpdate(context, &out, &length, text, Int32(text.count)) == 1,
                EVP_EncryptFinal_ex(context, nil, &length) == 1,
                muster_gcm_tag(context, 0, &tag) == 1
            else { throw .denied }
            return Data(nonce + out + tag)
        }

        func open(_ sealed: Data, with key: Data, for name: Data) throws(VaultFailure) -> Data {
            guard sealed.count >= 28, let context = EVP_CIPHER_CTX_new() else { throw .lost }
            defer { EVP_CIPHER_CTX_free(context) }
            let nonce = [UInt8](sealed.prefix(12))
            var tag = [UInt8](sealed.suffix(16))
            let text = [UInt8](sealed.dropFirst(12).dropLast(16))
            let aad = [UInt8](name)
            var out = [UInt8](repeating: 0, count: text.count)
            var length: Int32 = 0
            guard
                EVP_DecryptInit_ex(context, EVP_aes_256_gcm(), nil, [UInt8](key), nonce) == 1,
                EVP_DecryptUpdate(context, nil, &length, aad, Int32(aad.count)) == 1,
                EVP_DecryptUpdate(context, &out, &length, text, Int32(text.count)) == 1,
                muster_gcm_tag(context, 1, &tag) == 1,
                EVP_DecryptFinal_ex(context, nil, &length) == 1
            else { throw .lost }
            return Data(out)
        }

        private static func random(_ count: Int) throws(VaultFailure) -> Data {
            var bytes = [UInt8](repeating: 0, count: count)
            guard RAND_bytes(&bytes, Int32(count)) == 1 else { throw .busy }
            return Data(bytes)
        }

        private static func signingKey(_ der: Data) throws(VaultFailure) -> OpaquePointer {
            let bytes = [UInt8](der)
            let key = bytes.withUnsafeBufferPointer { buffer in
                var start = buffer.baseAddress
                return d2i_AutoPrivateKey(nil, &start, buffer.count)
            }
            guard let key else { throw .lost }
            return key
        }
    }
#endif
