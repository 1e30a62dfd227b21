import Foundation
import Testing

@testable import MusterKit

/// The managed configuration on its way from the system to the agent.
@Suite(.timeLimit(.minutes(1))) struct ManagedConfigurationTests {
    /// Defaults of a test's own, as an MDM would have filled them.
    private func withDefaults(
        _ managed: Any?, work: (UserDefaults) async throws -> Void
    ) async throws {
        let suite = "dev.muster.tests.\(UUID().uuidString)"
        let defaults = try #require(UserDefaults(suiteName: suite))
        defer { defaults.removePersistentDomain(forName: suite) }
        if let managed { defaults.set(managed, forKey: ManagedConfigurationReader.key) }
        try await work(defaults)
    }

    private func list(_ source: ConfigurationSource) throws -> [String: Any] {
        guard case .propertyList(let bytes) = source.tree else { throw Trouble("no list") }
        #expect(bytes.starts(with: Data("bplist".utf8)))
        let list = try PropertyListSerialization.propertyList(from: bytes, format: nil)
        return try #require(list as? [String: Any])
    }

    @Test func whatAnMDMSentIsHandedOverWhole() async throws {
        let managed: [String: Any] = [
            "caller_id": false, "contacts_sync_hours": 1, "asset_tag": "grün 😀",
            "allowed_servers": ["a.example", "b.example"],
            "contact_sources": [["carddav_url": "https://d.example/"]],
        ]
        try await withDefaults(managed) { defaults in
            let source = ManagedConfigurationReader(defaults: defaults).read()
            #expect(source.channel == .os)
            let list = try list(source)
            #expect(Set(list.keys) == Set(managed.keys))
            let bench = try Bench()
            try bench.takes([source])
            let settings = try bench.shown()["settings"]?.list ?? []
            func value(_ key: String) -> JSON? {
                settings.first { $0["key"]?.text == key }?["value"]
            }
            #expect(value("caller_id") == .flag(false))
            #expect(value("contacts_sync_hours") == .integer(1))
            #expect(value("asset_tag") == .text("grün 😀"))
            #expect(value("allowed_servers")?.texts == ["a.example", "b.example"])
            #expect(value("contact_sources")?.list.count == 1)
        }
    }

    @Test func nothingAndEmptyAreToldApart() async throws {
        try await withDefaults(nil) { defaults in
            #expect(ManagedConfigurationReader(defaults: defaults).read().tree == .absent)
        }
        try await withDefaults([String: String]()) { defaults in
            let empty = try list(ManagedConfigurationReader(defaults: defaults).read())
            #expect(empty.isEmpty)
        }
    }

    @Test func whatIsNoPropertyListIsRefusedAndNotTakenForNothing() throws {
        let tree = ManagedConfigurationReader.tree(["asset_tag": NSObject()])
        #expect(tree == .propertyList(bytes: Data()))
        let bench = try Bench()
        #expect(throws: MusterError.self) {
            try bench.takes([ConfigurationSource(channel: .os, tree: tree)])
        }
    }

    @Test func aChangeIsATurn() async throws {
        try await withDefaults(["asset_tag": "A"]) { defaults in
            let reader = ManagedConfigurationReader(defaults: defaults)
            var turns = reader.changes().makeAsyncIterator()
            #expect(await turns.next() != nil, "one at once")
            defaults.set(["asset_tag": "B"], forKey: ManagedConfigurationReader.key)
            NotificationCenter.default.post(
                name: UserDefaults.didChangeNotification, object: defaults)
            #expect(await turns.next() != nil)
            let changed = try list(reader.read())
            #expect(changed["asset_tag"] as? String == "B")
        }
    }

    @Test func theNewerChannelIsWaitedForWhereThereIsOne() async throws {
        try await withDefaults(["asset_tag": "A"]) { defaults in
            let reader = ManagedConfigurationReader(defaults: defaults)
            let old = ConfigurationChannels(reader: reader, hasManagedApp: false)
            #expect(await old.sources()?.map(\.channel) == [.os])

            let new = ConfigurationChannels(reader: reader, hasManagedApp: true)
            #expect(await new.sources() == nil)
            await new.received(ConfigurationSource(channel: .managedApp, tree: .absent))
            #expect(await new.sources()?.map(\.channel) == [.os, .managedApp])
        }
    }

    // MARK: - Values of any kind

    @Test(arguments: [PropertyListSerialization.PropertyListFormat.xml, .binary])
    func valuesOfAnyKindStayWhatTheyAre(
        format: PropertyListSerialization.PropertyListFormat
    ) throws {
        let list: [String: Any] = [
            "flag": true, "no": false, "one": 1, "zero": 0, "real": 1.5, "text": "true",
            "list": ["a", 2, ["b": false]] as [Any], "date": Date(timeIntervalSince1970: 0),
            "data": Data([1, 2]), "big": Int64.max,
        ]
        let data = try PropertyListSerialization.data(
            fromPropertyList: list, format: format, options: 0)
        let value = try PropertyListDecoder().decode(FreeForm.self, from: data)
        let expected: FreeForm = .dictionary([
            "flag": .flag(true), "no": .flag(false), "one": .integer(1), "zero": .integer(0),
            "real": .real(1.5), "text": .text("true"),
            "list": .list([.text("a"), .integer(2), .dictionary(["b": .flag(false)])]),
            "date": .other, "data": .other, "big": .integer(.max),
        ])
        #expect(value == expected)
    }

    @Test func oneOddValueDoesNotCostTheOthers() throws {
        let value = FreeForm.dictionary([
            "caller_id": .flag(false), "contacts_sync_hours": .integer(2), "asset_tag": .other,
        ])
        let tree = ManagedConfigurationReader.tree(value.plain as? [String: Any])
        let bench = try Bench()
        try bench.takes([ConfigurationSource(channel: .managedApp, tree: tree)])
        let settings = try bench.shown()["settings"]?.list ?? []
        func state(_ key: String) -> String? {
            settings.first { $0["key"]?.text == key }?["state"]?.text
        }
        #expect(state("caller_id") == "valid" && state("contacts_sync_hours") == "valid")
        #expect(state("asset_tag") == "absent")
    }
}
