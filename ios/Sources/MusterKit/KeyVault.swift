import Foundation

/// Answers the agent's key operations. It is called from the agent's own thread, one operation at a
/// time, and may block it for as long as the hardware needs.
public protocol KeyVault: Sendable {
    /// Does one operation.
    func run(_ operation: VaultOp) -> VaultOutcome

    /// Destroys every key of `profile`. Keys outlive the app that made them; a profile whose folder
    /// is new must not find those of an earlier installation.
    func forget(profile: String)
}

/// Where small secrets are kept by name.
public protocol SecretItems: Sendable {
    /// The secret called `name`; `lost` if there is none.
    func read(_ name: String) throws(VaultFailure) -> Data
    /// Keeps a secret, in place of one of the same name.
    func write(_ name: String, _ secret: Data) throws(VaultFailure)
    /// Removes a secret. One that is not there is removed already.
    func remove(_ name: String) throws(VaultFailure)
    /// Removes every secret whose name begins with `prefix`.
    func removeAll(beginningWith prefix: String) throws(VaultFailure)
}

/// What is done with keys. A key is handed in and out as bytes; those of a signing key may be a
/// handle that only this phone's hardware can use.
public protocol KeyCrypto: Sendable {
    /// 32 random bytes.
    func newWrappingKey() throws(VaultFailure) -> Data
    /// A P-256 key and where it lives.
    func newSigningKey() throws(VaultFailure) -> (key: Data, security: KeySecurity)
    /// The public half: 0x04, x, y.
    func publicPoint(of key: Data) throws(VaultFailure) -> Data
    /// ECDSA with SHA-256 over `message`, as DER.
    func sign(_ message: Data, with key: Data) throws(VaultFailure) -> Data
    /// AES-256-GCM: nonce, ciphertext, tag.
    func seal(_ plaintext: Data, with key: Data, for name: Data) throws(VaultFailure) -> Data
    /// The reverse; `lost` for anything that this key did not seal under this name.
    func open(_ sealed: Data, with key: Data, for name: Data) throws(VaultFailure) -> Data
}

/// A vault made of a place for secrets and of something that calculates: on iOS the Keychain and
/// CryptoKit with the Secure Enclave (`SecureEnclaveVault`).
public struct StoredKeyVault<Items: SecretItems, Crypto: KeyCrypto>: KeyVault {
    private let items: Items
    private let crypto: Crypto

    /// A vault on `items`.
    public init(items: Items, crypto: Crypto) {
        self.items = items
        self.crypto = crypto
    }

    public func run(_ operation: VaultOp) -> VaultOutcome {
        do throws(VaultFailure) {
            return .answer(answer: try answer(operation))
        } catch {
            return .failure(failure: error)
        }
    }

    public func forget(profile: String) {
        do throws(VaultFailure) {
            try items.removeAll(beginningWith: "muster.\(profile).")
        } catch {
            // Keys without files open nothing; but they should not be there.
            MusterLog.failed("destroying the keys of an earlier installation", error)
        }
    }

    private func answer(_ operation: VaultOp) throws(VaultFailure) -> VaultAnswer {
        switch operation {
        case .create(let alias, access: .afterFirstUnlock, attestationChallenge: _):
            // The Secure Enclave attests apps (App Attest), not keys; the agent takes that.
            if alias.purpose == .device {
                let made = try crypto.newSigningKey()
                try items.write(alias.name, made.key)
                return .created(security: made.security, attestation: [])
            }
            try items.write(alias.name, try crypto.newWrappingKey())
            // The Keychain's own key is in hardware, but this one is used by software.
            return .created(security: .software, attestation: [])
        case .publicKey(let alias):
            return .publicKey(point: try crypto.publicPoint(of: try items.read(alias.name)))
        case .sign(let alias, let message):
            let signature = try crypto.sign(message, with: try items.read(alias.name))
            return .signature(form: .der, bytes: signature)
        case .wrap(let alias, let plaintext):
            let key = try items.read(alias.name)
            let name = Data(alias.name.utf8)
            return .wrapped(wrapped: try crypto.seal(plaintext, with: key, for: name))
        case .unwrap(let alias, let wrapped):
            let key = try items.read(alias.name)
            let name = Data(alias.name.utf8)
            return .unwrapped(plaintext: try crypto.open(wrapped, with: key, for: name))
        case .destroy(let alias):
            try items.remove(alias.name)
            return .destroyed
        }
    }
}
