import Foundation
import Testing

@testable import MusterKit

/// A phone and a running muster-server, by the shell's own loop, its own HTTP client and its key
/// steps.
@Suite(.timeLimit(.minutes(5))) struct StoryTests {
    let server: TestServer
    let phone: Phone

    init() throws {
        server = try TestServer.shared.get()
        phone = try Phone()
    }

    private func configuration(_ more: [String: Any] = [:]) -> [String: Any] {
        let licence: [String: Any] = [
            "server_url": server.url,
            "license_username": TestServer.username,
            "license_password": TestServer.password,
        ]
        return licence.merging(more) { _, new in new }
    }

    /// Opens, hands over the configuration, and waits for all people.
    private func activated(
        _ more: [String: Any] = [:], effects: any EffectHandler = RecordingEffects(),
        format: PropertyListSerialization.PropertyListFormat = .binary
    ) async throws -> Muster {
        let muster = try phone.open(effects: effects)
        try await muster.handle(managed(configuration(more), as: format))
        let synced = await muster.waits { $0.status?.contacts.lastSync != nil }
        #expect(synced?.status?.contacts.count == 2_000, "\(String(describing: synced))")
        return muster
    }

    @Test(arguments: [PropertyListSerialization.PropertyListFormat.xml, .binary])
    func aPropertyListActivatesThePhoneAndBringsEverybody(
        format: PropertyListSerialization.PropertyListFormat
    ) async throws {
        defer { phone.remove() }
        let muster = try await activated(format: format)
        let status = try #require(muster.state?.status)
        #expect(status.licence.phase == .active)
        #expect(status.organization?.name == "Acme AG")

        let hits = try await muster.search("mull")
        #expect(hits.contains { $0.name == "Jana Müller" }, "\(hits)")
        let first = try #require(hits.first)
        #expect(!first.matched.isEmpty)
        let contact = try await muster.contact(first.id)
        #expect(contact.name == first.name)

        let callers = server.people.filter { !($0["phone"] ?? "").isEmpty }
        let caller = try #require(callers.first)
        let number = try #require(caller["phone"])
        let who = try await muster.lookUpCaller(number)
        #expect(who.found == .one)
        let name = "\(caller["first_name"] ?? "") \(caller["last_name"] ?? "")"
        #expect(who.contacts.first?.name.hasSuffix(name) == true, "\(who) is not \(name)")
        #expect(try await muster.lookUpCaller("+49 170 0000000").found == .none)
        await muster.close()
    }

    @Test func addressBooksAreAskedForByTheirOwnMethods() async throws {
        defer { phone.remove() }
        let spy = SpyTransport()
        let muster = try phone.open(transport: spy)
        try await muster.handle(managed(configuration()))
        _ = await muster.waits { $0.status?.contacts.lastSync != nil }
        await muster.close()
        let methods = Set(spy.requests.map(\.method))
        #expect(methods == ["GET", "POST", "PROPFIND", "REPORT"])
        #expect(spy.largestPiece <= 64 * 1024)
    }

    @Test func aFindingSaysWhatIsWrongAndGoesWhenItIsMended() async throws {
        defer { phone.remove() }
        let muster = try phone.open()
        try await muster.handle(managed(configuration(["require_screen_lock": true])))
        func says(lock: Bool) async throws {
            let readings: [SignalKind: SignalReading] = [
                .screenLock: .lock(set: lock, scope: .device)
            ]
            try await muster.handle(.signals(readings: readings))
        }
        try await says(lock: false)
        let wrong = await muster.waits { state in
            state.status?.licence.phase == .active
                && state.findings.contains { $0.rules.isEmpty == false }
        }
        let finding = try #require(wrong?.findings.first { !$0.rules.isEmpty })
        #expect(finding.action == .openSecuritySettings)
        #expect(!finding.title.isEmpty && !finding.explanation.isEmpty)
        try await says(lock: true)
        let mended = await muster.waits { !$0.findings.contains { $0.id == finding.id } }
        #expect(mended != nil)
        await muster.close()
    }

    @Test func aLockedKeyStoreIsAskedAgainAfterTheUnlock() async throws {
        defer { phone.remove() }
        await (try await activated()).close()
        phone.vault.fail(.locked)
        let muster = try phone.open()
        try await muster.handle(.foregrounded)
        #expect(muster.state?.isReady == false)
        await #expect(throws: MusterError.self) { try await muster.search("mull") }
        try await muster.handle(.unlocked)
        let ready = await muster.waits { $0.isReady }
        #expect(ready?.status?.contacts.count == 2_000)
        #expect(try await !muster.search("mull").isEmpty)
        await muster.close()
    }

    @Test func aBusyKeyStoreIsAskedAgainInAMoment() async throws {
        defer { phone.remove() }
        await (try await activated()).close()
        phone.vault.fail(.busy)
        let muster = try phone.open()
        try await muster.handle(.foregrounded)
        #expect(muster.state?.isReady == false)
        phone.clock.jump(milliseconds: 10_000)
        await muster.poke()
        #expect(muster.state?.isReady == true)
        await muster.close()
    }

    @Test func aLostContactsKeyCostsOneMoreSync() async throws {
        defer { phone.remove() }
        await (try await activated()).close()
        let contacts = phone.keys.names.filter { $0.contains(".contacts.") }
        #expect(!contacts.isEmpty)
        for name in contacts { try phone.keys.remove(name) }
        let muster = try phone.open()
        try await muster.handle(managed(configuration()))
        try await muster.handle(.checkNow)
        let directory = await muster.directory()
        let synced = await muster.waits { _ in (try? directory.count()) == 2_000 }
        #expect(synced?.status?.licence.phase == .active)
        #expect(try await !muster.search("mull").isEmpty)
        #expect(phone.keys.names.filter { $0.contains(".contacts.") } != contacts)
        await muster.close()
    }

    @Test func anEffectThatADyingPhoneLeftUndoneIsDoneAfterTheRestart() async throws {
        defer { phone.remove() }
        let dying = RecordingEffects(hangs: true)
        let muster = try phone.open(effects: dying)
        // A value that can't be used is told to the admin.
        try await muster.handle(managed(configuration(["check_interval_hours": "often"])))
        let before = await dying.first()
        await muster.close()

        let living = RecordingEffects()
        let again = try phone.open(effects: living)
        try await again.handle(managed(configuration(["check_interval_hours": "often"])))
        _ = await living.first()
        _ = await again.waits { $0.status?.contacts.lastSync != nil }
        await again.settled()
        let after = await living.feedback
        #expect(after["check_interval_hours"] == .error, "\(before) then \(after)")
        await again.close()
    }

    @Test func aPanicIsATypedErrorAndTheLibraryGoesOnAfterReopening() async throws {
        defer { phone.remove() }
        let muster = try await activated()
        let text = "swordfish in a panic"
        do {
            try await muster.ask { try $0.testPanic(text: text) }
            Issue.record("no panic")
        } catch let error as MusterError {
            guard case .Broken = error else { throw Trouble("\(error)") }
            #expect(!"\(error)".contains(text))
        }
        #expect(muster.state?.isBroken == true)
        await #expect(throws: MusterError.self) { try await muster.handle(.foregrounded) }
        await #expect(throws: MusterError.self) { try await muster.search("mull") }

        try await muster.reopen()
        try await muster.handle(.foregrounded)
        #expect(await muster.waits { $0.isReady }?.status?.contacts.count == 2_000)
        #expect(try await !muster.search("mull").isEmpty)
        await muster.close()
    }

    @Test func aWindowEndsWhenNothingIsLeftToDo() async throws {
        defer { phone.remove() }
        let muster = try phone.open()
        try await muster.handle(managed(configuration()))
        try await muster.runWindow(milliseconds: 60_000)
        #expect(muster.state?.isReady == true)
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

    @Test func aProfileIsOpenOnce() async throws {
        defer { phone.remove() }
        let muster = try phone.open()
        #expect(throws: MusterError.self) { try phone.open() }
        await muster.close()
        await (try phone.open()).close()
    }
}

/// The shell's own transport, watched.
private final class SpyTransport: HTTPTransport, @unchecked Sendable {
    private let inner = URLSessionTransport()
    private let lock = NSLock()
    private var sent: [HttpRequest] = []
    private var largest = 0

    var requests: [HttpRequest] { lock.withLock { sent } }
    var largestPiece: Int { lock.withLock { largest } }

    func start(
        _ id: Int64, _ request: HttpRequest, deliver: @escaping @Sendable (HTTPArrival) -> Void
    ) {
        lock.withLock { sent.append(request) }
        inner.start(id, request) { arrival in
            if case .body(let piece) = arrival {
                self.lock.withLock { self.largest = max(self.largest, piece.count) }
            }
            deliver(arrival)
        }
    }

    func used(_ id: Int64, bytes: Int) { inner.used(id, bytes: bytes) }
    func cancel(_ id: Int64) { inner.cancel(id) }
    func close() { inner.close() }
}
