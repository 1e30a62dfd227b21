import Foundation
import Testing

@testable import MusterKit

/// The logic of the vault, on files and OpenSSL in place of the Keychain and CryptoKit.
@Suite struct VaultTests {
    private let items: FileItems
    private let vault: StoredKeyVault<FileItems, SoftwareCrypto>

    init() {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("vault-\(UUID().uuidString)")
        items = FileItems(folder: folder)
        vault = StoredKeyVault(items: items, crypto: SoftwareCrypto())
    }

    private func alias(_ purpose: KeyPurpose, _ number: Int64, _ word: String) -> KeyAlias {
        KeyAlias(
            name: "muster.default.\(word).\(number)", profile: "default", purpose: purpose,
            number: number)
    }

    private func create(_ alias: KeyAlias) {
        let made = vault.run(
            .create(alias: alias, access: .afterFirstUnlock, attestationChallenge: nil))
        #expect(made == .answer(answer: .created(security: .software, attestation: [])))
    }

    @Test func aWrappedKeyComesBackFromItsOwnNameOnly() throws {
        let (one, two) = (alias(.service, 1, "service"), alias(.service, 2, "service"))
        create(one)
        create(two)
        let secret = Data(repeating: 9, count: 32)
        guard case .answer(.wrapped(let wrapped)) = vault.run(.wrap(alias: one, plaintext: secret))
        else { throw Trouble("not wrapped") }
        #expect(wrapped.count == 60)
        let lost = VaultOutcome.failure(failure: .lost)
        let back = VaultOutcome.answer(answer: .unwrapped(plaintext: secret))
        #expect(vault.run(.unwrap(alias: one, wrapped: wrapped)) == back)
        #expect(vault.run(.unwrap(alias: two, wrapped: wrapped)) == lost)
        #expect(vault.run(.unwrap(alias: one, wrapped: wrapped.dropLast())) == lost)
        #expect(vault.run(.unwrap(alias: one, wrapped: Data())) == lost)
        // The same bytes under another name: a key that somebody moved.
        try items.write(two.name, try items.read(one.name))
        #expect(vault.run(.unwrap(alias: two, wrapped: wrapped)) == lost)
    }

    @Test func aSigningKeyHasAPointAndSignsInDer() throws {
        let key = alias(.device, 1, "device")
        create(key)
        guard case .answer(.publicKey(let point)) = vault.run(.publicKey(alias: key)) else {
            throw Trouble("no public key")
        }
        #expect(point.count == 65 && point.first == 4)
        let message = Data("a proof".utf8)
        guard
            case .answer(.signature(let form, let bytes)) = vault.run(
                .sign(alias: key, message: message))
        else { throw Trouble("no signature") }
        #expect(form == .der)
        // SEQUENCE, and the length of what follows.
        #expect(bytes.first == 0x30 && Int(bytes[bytes.startIndex + 1]) == bytes.count - 2)
    }

    @Test func aDestroyedKeyIsLostAndDestroyingItAgainIsNoError() {
        let key = alias(.contacts, 3, "contacts")
        create(key)
        let gone = VaultOutcome.answer(answer: .destroyed)
        #expect(vault.run(.destroy(alias: key)) == gone)
        #expect(vault.run(.destroy(alias: key)) == gone)
        let lost = VaultOutcome.failure(failure: .lost)
        #expect(vault.run(.wrap(alias: key, plaintext: Data(count: 32))) == lost)
        #expect(vault.run(.publicKey(alias: alias(.device, 9, "device"))) == lost)
    }

    @Test func aForgottenProfileLeavesTheOthers() {
        create(alias(.device, 1, "device"))
        let other = KeyAlias(
            name: "muster.night.device.1", profile: "night", purpose: .device, number: 1)
        create(other)
        vault.forget(profile: "default")
        #expect(items.names == ["muster.night.device.1"])
    }

    @Test(arguments: [
        (-25300, VaultFailure.lost), (-25308, .locked), (-25291, .busy), (-34, .busy),
        (-25293, .denied), (-34018, .denied), (-50, .denied), (-4, .unsupported), (-1, .denied),
    ])
    func statusCodesOfTheKeychain(status: Int, failure: VaultFailure) {
        #expect(KeychainStatus.failure(Int32(status)) == failure)
    }
}
