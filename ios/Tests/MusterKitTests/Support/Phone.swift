import Foundation
import Testing

@testable import MusterKit

/// A phone in a folder of its own.
struct Phone {
    let folder: URL
    let keys: FileItems
    let vault: FaultyVault
    let clock = JumpingClock()

    init() throws {
        folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("muster-\(UUID().uuidString)", isDirectory: true)
        keys = FileItems(folder: folder.appendingPathComponent("keys"))
        vault = FaultyVault(StoredKeyVault(items: keys, crypto: SoftwareCrypto()))
    }

    /// Opens the agent on it. Earlier ones have to be closed.
    func open(
        effects: any EffectHandler = RecordingEffects(),
        transport: any HTTPTransport = URLSessionTransport(),
        appLinkHost: String? = nil
    ) throws -> Muster {
        var options = MusterOptions(
            device: DeviceInfo(model: "iPhone16,1", osVersion: "18.2", appVersion: "1.0"))
        options.folder = ProfileFolder(url: folder.appendingPathComponent("data"))
        options.language = "en"
        options.appLinkHost = appLinkHost
        let parts = MusterParts(
            vault: vault, transport: transport, effects: effects, clock: clock)
        return try Muster(options: options, parts: parts)
    }

    /// Opens the agent, hands over the configuration, and waits for all people.
    func activated(
        _ configuration: [String: Any], count: Int64 = 2_000,
        format: PropertyListSerialization.PropertyListFormat = .binary
    ) async throws -> Muster {
        let muster = try open()
        try await muster.handle(managed(configuration, as: format))
        let synced = await muster.waits { $0.contacts.lastSync != nil }
        #expect(synced?.contacts.count == count, "\(String(describing: synced))")
        return muster
    }

    func remove() {
        try? FileManager.default.removeItem(at: folder)
    }
}

/// What the MDM delivers: `dictionary` by way of a real property list in `format`.
func managed(
    _ dictionary: [String: Any], as format: PropertyListSerialization.PropertyListFormat = .binary
) throws -> Event {
    let list = try PropertyListSerialization.data(
        fromPropertyList: dictionary, format: format, options: 0)
    return .configuration(sources: [
        ConfigurationSource(channel: .os, tree: .propertyList(bytes: list))
    ])
}

extension Muster {
    /// Waits for a state that fits. One that does not come fails the test with the last one.
    func waits(
        sourceLocation: SourceLocation = #_sourceLocation,
        for condition: @escaping @Sendable (MusterState) -> Bool
    ) async -> MusterState? {
        let watching = Task { () -> MusterState? in
            for await state in states() where condition(state) { return state }
            return nil
        }
        let patience = Task {
            try await Task.sleep(for: .seconds(60))
            watching.cancel()
        }
        defer { patience.cancel() }
        let found = await watching.value
        if found == nil {
            let last = String(describing: state)
            Issue.record("in vain; the last state: \(last)", sourceLocation: sourceLocation)
        }
        return found
    }
}
