import Foundation
import Testing

@testable import MusterKit

/// What a phone does when its keys can't be had, for a while or for good.
@Suite(.timeLimit(.minutes(5))) struct KeyStoryTests {
    let server: TestServer
    let phone: Phone

    init() throws {
        server = try TestServer.shared.get()
        phone = try Phone()
    }

    @Test func aLockedKeyStoreIsAskedAgainAfterTheUnlock() async throws {
        defer { phone.remove() }
        await (try await phone.activated(server.configuration())).close()
        phone.vault.fail(.locked)
        let muster = try phone.open()
        try await muster.handle(.foregrounded)
        #expect(!muster.state.isReady)
        await #expect(throws: MusterError.self) { try await muster.search("mull") }
        try await muster.handle(.unlocked)
        let ready = await muster.waits { $0.isReady }
        #expect(ready?.contacts.count == 2_000)
        #expect(try await !muster.search("mull").isEmpty)
        await muster.close()
    }

    @Test func aBusyKeyStoreIsAskedAgainInAMoment() async throws {
        defer { phone.remove() }
        await (try await phone.activated(server.configuration())).close()
        phone.vault.fail(.busy)
        let muster = try phone.open()
        try await muster.handle(.foregrounded)
        #expect(!muster.state.isReady)
        phone.clock.jump(milliseconds: 10_000)
        await muster.poke()
        #expect(muster.state.isReady)
        await muster.close()
    }

    @Test func aLostContactsKeyCostsOneMoreSync() async throws {
        defer { phone.remove() }
        await (try await phone.activated(server.configuration())).close()
        let contacts = phone.keys.names.filter { $0.contains(".contacts.") }
        #expect(!contacts.isEmpty)
        for name in contacts { try phone.keys.remove(name) }
        let muster = try phone.open()
        try await muster.handle(managed(server.configuration()))
        try await muster.handle(.checkNow)
        let directory = await muster.directory()
        let synced = await muster.waits { _ in (try? directory.count()) == 2_000 }
        #expect(synced?.licence.phase == .active)
        #expect(try await !muster.search("mull").isEmpty)
        #expect(phone.keys.names.filter { $0.contains(".contacts.") } != contacts)
        await muster.close()
    }

    @Test func aLostDeviceKeyIsReplacedWithoutAsking() async throws {
        defer { phone.remove() }
        let company = try await server.found("device").hires(3)
        let configuration = company.waysIn.merging(["device_id": "mdm-4711"]) { _, new in new }
        await (try await phone.activated(configuration, count: 3)).close()
        let before = try await company.activeDevices()
        #expect(before.count == 1)
        let keys = phone.keys.names.filter { $0.contains(".device.") }
        #expect(!keys.isEmpty)
        for name in keys { try phone.keys.remove(name) }

        let muster = try phone.open()
        try await muster.handle(managed(configuration))
        try await muster.handle(.checkNow)
        let directory = await muster.directory()
        let items = phone.keys
        let back = await muster.waits { state in
            let now = items.names.filter { $0.contains(".device.") }
            return state.licence.phase == .active && !now.isEmpty && now != keys
                && (try? directory.count()) == 3 && state.contacts.lastSync != nil
        }
        #expect(back?.isReady == true)
        await muster.settled()
        // The server knows the phone by its new key, and the old one is of no use any more.
        let after = try await company.activeDevices()
        #expect(after.count == 1 && after != before, "\(before) then \(after)")
        await muster.close()
    }

    @Test func aFreshInstallationForgetsTheKeysOfTheOneBefore() async throws {
        defer { phone.remove() }
        let alias = KeyAlias(
            name: "muster.default.device.7", profile: "default", purpose: .device, number: 7)
        let old = VaultOp.create(
            alias: alias, access: .afterFirstUnlock, attestationChallenge: nil)
        guard case .answer = phone.vault.run(old) else { throw Trouble("no key") }
        let muster = try phone.open()
        #expect(phone.keys.names.isEmpty)
        await muster.close()
    }
}
