#if canImport(CryptoKit) && canImport(Security)
    import CryptoKit
    import Foundation
    import Security

    /// CryptoKit, with signing keys in the Secure Enclave where there is one (not in a simulator).
    public struct EnclaveCrypto: KeyCrypto {
        /// The first byte of a stored signing key: where it lives.
        private enum Home: UInt8 {
            case software = 0
            case enclave = 1
        }

        /// Nothing is made before it is asked for.
        public init() {}

        public func newWrappingKey() throws(VaultFailure) -> Data {
            SymmetricKey(size: .bits256).withUnsafeBytes { Data($0) }
        }

        public func newSigningKey() throws(VaultFailure) -> (key: Data, security: KeySecurity) {
            guard SecureEnclave.isAvailable else {
                let key = P256.Signing.PrivateKey().rawRepresentation
                return (Data([Home.software.rawValue]) + key, .software)
            }
            guard
                let access = SecAccessControlCreateWithFlags(
                    nil, kSecAttrAccessibleAfterFirstUnlockThisDeviceOnly, .privateKeyUsage, nil)
            else { throw .unsupported }
            do {
                let key = try SecureEnclave.P256.Signing.PrivateKey(accessControl: access)
                return (Data([Home.enclave.rawValue]) + key.dataRepresentation, .secureElement)
            } catch { throw failure(error, otherwise: .busy) }
        }

        public func publicPoint(of key: Data) throws(VaultFailure) -> Data {
            switch try signer(key) {
            case .software(let key): key.publicKey.x963Representation
            case .enclave(let key): key.publicKey.x963Representation
            }
        }

        public func sign(_ message: Data, with key: Data) throws(VaultFailure) -> Data {
            let signer = try signer(key)
            do {
                switch signer {
                case .software(let key): return try key.signature(for: message).derRepresentation
                case .enclave(let key): return try key.signature(for: message).derRepresentation
                }
            } catch { throw failure(error, otherwise: .denied) }
        }

        public func seal(
            _ plaintext: Data, with key: Data, for name: Data
        ) throws(VaultFailure) -> Data {
            let key = SymmetricKey(data: key)
            do {
                let sealed = try AES.GCM.seal(plaintext, using: key, authenticating: name)
                // It is there for nonces of 96 bits, and CryptoKit chooses such a one.
                guard let combined = sealed.combined else { throw VaultFailure.denied }
                return combined
            } catch { throw failure(error, otherwise: .denied) }
        }

        public func open(
            _ sealed: Data, with key: Data, for name: Data
        ) throws(VaultFailure) -> Data {
            // Whatever CryptoKit says: this key did not seal that.
            guard
                let box = try? AES.GCM.SealedBox(combined: sealed),
                let plaintext = try? AES.GCM.open(
                    box, using: SymmetricKey(data: key), authenticating: name)
            else { throw .lost }
            return plaintext
        }

        private enum Signer {
            case software(P256.Signing.PrivateKey)
            case enclave(SecureEnclave.P256.Signing.PrivateKey)
        }

        private func signer(_ stored: Data) throws(VaultFailure) -> Signer {
            let bytes = stored.dropFirst()
            do {
                switch stored.first.flatMap(Home.init) {
                case .software:
                    return .software(try P256.Signing.PrivateKey(rawRepresentation: bytes))
                case .enclave:
                    return .enclave(
                        try SecureEnclave.P256.Signing.PrivateKey(dataRepresentation: bytes))
                case nil: throw VaultFailure.lost
                }
            } catch { throw failure(error, otherwise: .lost) }
        }

        /// CryptoKit hands on the codes of the Keychain, in an `NSError`.
        private func failure(_ error: any Error, otherwise: VaultFailure) -> VaultFailure {
            if let failure = error as? VaultFailure { return failure }
            let error = error as NSError
            guard error.domain == NSOSStatusErrorDomain else { return otherwise }
            return KeychainStatus.failure(Int32(truncatingIfNeeded: error.code))
        }
    }

    /// Keys in the Keychain and the Secure Enclave.
    public typealias SecureEnclaveVault = StoredKeyVault<KeychainItems, EnclaveCrypto>

    extension StoredKeyVault where Items == KeychainItems, Crypto == EnclaveCrypto {
        /// The vault of this phone.
        public static func platform() -> SecureEnclaveVault {
            SecureEnclaveVault(items: KeychainItems(), crypto: EnclaveCrypto())
        }
    }
#endif
