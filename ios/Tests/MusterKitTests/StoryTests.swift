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
        server.configuration().merging(more) { _, new in new }
    }

    @Test(arguments: [PropertyListSerialization.PropertyListFormat.xml, .binary])
    func aPropertyListActivatesThePhoneAndBringsEverybody(
        format: PropertyListSerialization.PropertyListFormat
    ) async throws {
        defer { phone.remove() }
        let muster = try await phone.activated(configuration(), format: format)
        #expect(muster.state.licence.phase == .active)
        #expect(muster.state.organization?.name == "Acme AG")

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
        _ = await muster.waits { $0.contacts.lastSync != nil }
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
            state.licence.phase == .active
                && state.findings.contains { $0.rules.isEmpty == false }
        }
        let finding = try #require(wrong?.findings.first { !$0.rules.isEmpty })
        #expect(finding.button?.target == .phone(place: .openSecuritySettings))
        #expect(!finding.title.isEmpty && !finding.explanation.isEmpty)
        try await says(lock: true)
        let mended = await muster.waits { !$0.findings.contains { $0.id == finding.id } }
        #expect(mended != nil)
        await muster.close()
    }

    @Test func anEffectThatADyingPhoneLeftUndoneIsDoneAfterTheRestartAndOnlyOnce() async throws {
        defer { phone.remove() }
        // A value that can't be used is told to the admin.
        let event = try managed(configuration(["check_interval_hours": "often"]))
        let dying = RecordingEffects(hangsAtFeedback: true)
        let muster = try phone.open(effects: dying)
        try await muster.handle(event)
        let before = await dying.firstFeedback()
        await muster.close()

        let living = RecordingEffects()
        let again = try phone.open(effects: living)
        try await again.handle(event)
        let repeated = await living.firstFeedback()
        #expect(repeated >= before)
        _ = await again.waits { $0.contacts.lastSync != nil }
        await again.settled()
        #expect(await living.feedback["check_interval_hours"] == .error)
        await again.close()

        // What was answered is not said again.
        let quiet = RecordingEffects()
        let third = try phone.open(effects: quiet)
        try await third.handle(event)
        _ = await third.waits { $0.isReady && $0.contacts.count == 2_000 }
        await third.settled()
        let last = try #require(await living.versions.last)
        #expect(await quiet.versions.allSatisfy { $0 > last })
        await third.close()
    }

    @Test func aLinkIsShownBeforeItActivates() async throws {
        defer { phone.remove() }
        let company = try await server.found("link").hires(5)
        let url = try await company.link()
        let spy = SpyTransport()
        let muster = try phone.open(transport: spy, appLinkHost: "link.muster.dev")
        // Nothing of ours, and nothing is sent for it.
        let strange = try await muster.ask { try $0.previewLink(url: "https://evil.example/a#v=1") }
        guard case .refused(let words) = strange else { throw Trouble("\(strange)") }
        #expect(!words.text.isEmpty && !words.next.isEmpty)

        let verdict = try await muster.ask { try $0.previewLink(url: url) }
        guard case .usable(let preview) = verdict else { throw Trouble("\(verdict)") }
        #expect("http://\(preview.host)" == server.url && !preview.alreadyActive)
        await muster.settled()
        #expect(spy.requests.isEmpty)

        try await muster.handle(.windowUnbounded)
        try await muster.handle(.linkAccepted(url: url))
        let synced = await muster.waits { $0.contacts.lastSync != nil }
        #expect(synced?.licence.phase == .active)
        #expect(synced?.contacts.count == 5)
        #expect(try await company.activeDevices().count == 1)
        await muster.close()

        // It was for one phone.
        let second = try Phone()
        defer { second.remove() }
        let late = try second.open(appLinkHost: "link.muster.dev")
        try await late.handle(.windowUnbounded)
        try await late.handle(.linkAccepted(url: url))
        let refused = await late.waits { !$0.problems.isEmpty }
        #expect(refused?.licence.phase != .active)
        await late.close()
    }

    @Test func aPanicIsATypedErrorAndTheLibraryGoesOnAfterReopening() async throws {
        defer { phone.remove() }
        let muster = try await phone.activated(configuration())
        let text = "swordfish in a panic"
        do {
            try await muster.ask { try $0.testPanic(text: text) }
            Issue.record("no panic")
        } catch let error as MusterError {
            guard case .Broken = error else { throw Trouble("\(error)") }
            #expect(!"\(error)".contains(text))
        }
        #expect(muster.state.isBroken)
        await #expect(throws: MusterError.self) { try await muster.handle(.foregrounded) }
        await #expect(throws: MusterError.self) { try await muster.search("mull") }

        try await muster.reopen()
        try await muster.handle(.foregrounded)
        #expect(await muster.waits { $0.isReady }?.contacts.count == 2_000)
        #expect(try await !muster.search("mull").isEmpty)
        await muster.close()
    }

    @Test func aWindowEndsWhenNothingIsLeftToDo() async throws {
        defer { phone.remove() }
        let muster = try phone.open()
        try await muster.handle(managed(configuration()))
        try await muster.runWindow(milliseconds: 60_000)
        #expect(muster.state.isReady)
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
