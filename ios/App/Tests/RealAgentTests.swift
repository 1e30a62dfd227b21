import Foundation
import Testing

@testable import MusterAppModel
@testable import MusterKit

/// A phone whose keys can't be used yet, and that is never asked to do anything else.
private struct LockedPhone: KeyVault, HTTPTransport, EffectHandler {
    func run(_ operation: VaultOp) -> VaultOutcome { .failure(failure: .locked) }
    func forget(profile: String) {}
    func start(
        _ id: Int64, _ request: HttpRequest, deliver: @escaping @Sendable (HTTPArrival) -> Void
    ) { deliver(.failed(.other)) }
    func used(_ id: Int64, bytes: Int) {}
    func cancel(_ id: Int64) {}
    func close() {}
    func carryOut(_ effect: PhoneEffect) async -> EffectOutcome { .notApplicable }
}

/// The screen with the agent itself behind it: the words are the core's.
@MainActor @Suite(.timeLimit(.minutes(1))) struct RealAgentTests {
    private func open() throws -> Muster {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("muster-\(UUID().uuidString)")
        var options = MusterOptions(
            device: DeviceInfo(model: "iPhone15,2", osVersion: "18.2", appVersion: "0.1.0"))
        options.folder = ProfileFolder(url: folder)
        options.language = "de"
        let phone = LockedPhone()
        return try Muster(
            options: options, parts: MusterParts(vault: phone, transport: phone, effects: phone))
    }

    @Test func aPhoneWithoutKeysShowsNobodyAndStillJudgesLinks() async throws {
        let muster = try open()
        try await muster.handle(.unlocked)
        let model = ScreenModel(phoneLanguage: "en", resources: Made.resources) { muster }
        await model.connect()
        await until { model.stage == .open }
        #expect(model.stage == .open)
        #expect(model.wording.language == "de")
        #expect(model.summary?.state == "Wird gestartet…")
        #expect(!model.canSearch && !model.canActivate)
        await model.openLink("https://contoso.example/not-a-link")
        let link = try #require(model.link)
        #expect(!link.canBeAccepted && link.title == "Dieser Link lässt sich nicht verwenden")
        await muster.close()
    }

    @Test func aBrokenAgentIsSeenAndOpenedAgain() async throws {
        let muster = try open()
        try await muster.handle(.unlocked)
        let model = ScreenModel(phoneLanguage: "de", resources: Made.resources) {
            if muster.state.isBroken {
                try await muster.reopen()
                try await muster.handle(.unlocked)
            }
            return muster
        }
        await model.connect()
        await muster.close()
        await until { model.stage == .broken }
        #expect(model.stage == .broken)
        await model.connect()
        await until { model.stage == .open }
        #expect(model.stage == .open)
        await muster.close()
    }
}

struct ConfigurationChannelsTests {
    private let reader = ManagedConfigurationReader()

    @Test func whereThereIsOneChannelItSpeaksAtOnce() async {
        let channels = ConfigurationChannels(reader: reader, hasManagedApp: false)
        #expect(await channels.sources()?.map(\.channel) == [.os])
    }

    /// An empty classic dictionary alone would look like a configuration that was withdrawn.
    @Test func nothingIsSaidBeforeTheNewerChannelHasSpoken() async {
        let channels = ConfigurationChannels(reader: reader, hasManagedApp: true)
        #expect(await channels.sources() == nil)
        await channels.received(ConfigurationSource(channel: .managedApp, tree: .absent))
        #expect(await channels.sources()?.map(\.channel) == [.os, .managedApp])
    }

    @Test func turnsComeAtOnceAndWithEachNotification() async {
        let name = Notification.Name("dev.muster.test.\(UUID().uuidString)")
        var turns = NotificationTurns.of(name).makeAsyncIterator()
        #expect(await turns.next() != nil)
        NotificationCenter.default.post(name: name, object: nil)
        #expect(await turns.next() != nil)
    }
}
